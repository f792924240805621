import { memoryJournal } from '../../../src/node/workflow/memory-journal.ts'
import { journalContract } from '../../contract/journal.ts'

journalContract('the memory journal', async () => memoryJournal())
