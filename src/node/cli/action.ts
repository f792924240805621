import { fail } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'

/** The action of a command that its first argument names. Throws usage.option with the nearest name for another. */
export const actionNamed = <Action>(
  command: string,
  actions: Readonly<Record<string, Action>>,
  name: string,
): Action => {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  return (
    action ??
    fail(
      'usage.option',
      `lakewright ${command}: there is no ${quote(name)}${suggestion(name, Object.keys(actions))}`,
    )
  )
}
