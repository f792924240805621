import { fail } from '../errors.ts'
import type { RowGraph, Scope, ScopeId } from '../plan/graph.ts'
import { beyondText } from '../plan/tally.ts'
import { type Climb, isComputedAt, isTallyAt, keptNames, stillNeeded } from './climb.ts'
import type { Dialect } from './dialect.ts'
import { aggregate, folding, joinedFold } from './folds.ts'
import {
  createLadder,
  createNeeds,
  directReferences,
  type FoldGroup,
  type Item,
  type ItemOf,
  type LadderContext,
  outersOf,
  references,
} from './ladder.ts'
import { type GraphTerms, startName } from './nodes.ts'
import { crossPositions, type KeyRange, parentRange, rangeKeys, scopeRange } from './ranges.ts'
import {
  type Column,
  column,
  columns,
  isJoined,
  JOIN_LISTS,
  type Select,
  type Statement,
} from './statement.ts'
import type { Term } from './term.ts'
import { definition, itemText, type Writing } from './text.ts'

/** What the rows of a graph are rendered with. */
export interface RowWork {
  readonly graph: RowGraph
  readonly dialect: Dialect
  readonly statement: Statement
  readonly terms: GraphTerms
  /** Into how many pieces the outermost rows are cut, where the engine can be told. */
  readonly partitions: number | undefined
  readonly context: LadderContext
  /** The query of all tallies by the same cross. */
  readonly tallied: (cross: string) => Tallied
}

/** A query with what tallies come to, one row for each key of the cross that something names. */
export interface Tallied {
  readonly source: string
  readonly key: string
  /** The column of a tally, by its number; null for nothing. */
  readonly total: (number: number) => string
}

/** A statement's part for one graph. */
export const createRowWork = (parts: Omit<RowWork, 'context'>): RowWork => {
  const { graph, terms, statement } = parts
  const countOf = (scope: ScopeId): Term => terms.term(childrenOf(graph, scope).count)
  return {
    ...parts,
    context: {
      needs: createNeeds(countOf),
      name: () => statement.name('c'),
      repeats: parts.dialect.rows.repeats,
    },
  }
}

/** Rows of a scope in `source` with all that is wanted of them: as its columns, or as text on top of it. */
export interface Rows {
  readonly source: string
  readonly text: (term: Term) => string
  /** Whether the text of a term names constants that must be joined. */
  readonly hasLists: (term: Term) => boolean
}

/** What is wanted of the rows of a table's own scope, or of one around it; of keys in `range` alone. */
export interface Wish {
  readonly scope: ScopeId
  readonly roots: readonly Term[]
  readonly columns: readonly Term[]
  readonly range: KeyRange | undefined
}

/** The rows of a table's own scope, made from those of the scopes around it. */
export const chainRows = (work: RowWork, wish: Wish): Rows => {
  const { graph, context, terms } = work
  const { scope, roots, range } = wish
  const ladder = createLadder(context, wish)
  const found = graph.scopes[scope] ?? fail('internal', `no scope ${scope}`)
  if (found.kind !== 'children') {
    const source = seriesSource(work, { scope, found, range })
    return climb(work, {
      scope,
      ladder,
      source,
      outer: noOuter,
      roots: [...roots, ...wish.columns],
      identity: startName(found.kind, found.table, scope),
    })
  }
  const carried = [
    terms.term(found.parentKey),
    ...outersOf([...roots, ...wish.columns], context.needs),
  ]
  const parentKeys = range && parentRange(range, found.capacity)
  const parents = chainRows(work, {
    scope: found.outer,
    roots: [],
    columns: [...carried, terms.term(found.count)],
    range: parentKeys && scopeRange(graph, found.parentKey, parentKeys),
  })
  const expanded = expand(work, { scope, outer: parents, carried, keep: [], always: false })
  const outer = parents.text
  const source = range ? within(work, { scope, source: expanded, outer, range }) : expanded
  return climb(work, {
    scope,
    ladder,
    source,
    outer,
    roots: [...roots, ...wish.columns],
    identity: keyText(work, { scope, outer }),
  })
}

type Children = Extract<Scope, { readonly kind: 'children' }>

const childrenOf = (graph: RowGraph, scope: ScopeId): Children => {
  const found = graph.scopes[scope]
  return found?.kind === 'children' ? found : fail('internal', `scope ${scope} has no outer rows`)
}

const noOuter = (): string => fail('internal', 'the outermost rows have no parents')

interface Series {
  readonly scope: ScopeId
  readonly found: Exclude<Scope, Children>
  readonly range: KeyRange | undefined
}

const seriesSource = (work: RowWork, { scope, found, range }: Series): string => {
  const { dialect, statement } = work
  const { kind, table } = found
  const name = startName(kind, table, scope)
  const keys = kind === 'range' ? rangeKeys(found.count, range) : crossPositions(found.of, range)
  const { partitions } = work
  const text = `SELECT ${name}\nFROM ${dialect.rows.series(name, { ...keys, partitions })}`
  const source = statement.query({ label: table, note: `rows of ${table}`, text: () => text })
  if (kind === 'range' || range === undefined) return source
  return within(work, { scope, source, outer: noOuter, range })
}

interface Place {
  readonly scope: ScopeId
  readonly outer: Writing['outer']
}

/** The entity key of a scope's rows before anything is computed of them. */
const keyText = (
  { dialect, statement, terms, context }: RowWork,
  { scope, outer }: Place,
): string => {
  const key = terms.key(scope)
  const ladder = createLadder(context, { roots: [key], columns: [] })
  return itemText({ dialect, statement, outer }, ladder.item(key))
}

interface Cut extends Place {
  readonly source: string
  readonly range: KeyRange
}

/** The rows of a source whose keys lie in a range. */
const within = (work: RowWork, { scope, source, outer, range }: Cut): string => {
  const { statement, graph } = work
  const { table } = graph.scopes[scope]!
  const name = keyText(work, { scope, outer })
  const kept = `${name} >= ${range.from} AND ${name} < ${range.to}`
  const text: Select = (from) => `SELECT *\nFROM ${from(source)}\nWHERE ${kept}`
  return statement.query({ label: table, note: `${table} within the range of keys`, text })
}

interface Expanding {
  readonly scope: ScopeId
  readonly outer: Pick<Rows, 'source' | 'text'>
  readonly carried: readonly Term[]
  /** Columns to carry along besides. */
  readonly keep: readonly string[]
  /** Whether rows without children stay. */
  readonly always: boolean
}

/** The children of rows, with the values of their parents that are wanted. */
const expand = (work: RowWork, expanding: Expanding): string => {
  const { scope, outer, carried, keep, always } = expanding
  const { graph, dialect, statement, terms } = work
  const { kind, table, count } = childrenOf(graph, scope)
  const names = carried.filter((each) => each.kind !== 'literal').map(outer.text)
  const expansion = {
    columns: [...new Set([...keep, ...names])],
    count: outer.text(terms.term(count)),
    ordinal: startName(kind, table, scope),
    always,
  }
  const text: Select = (from) => dialect.rows.expand({ ...expansion, source: from(outer.source) })
  return statement.query({ label: table, note: `rows of ${table}`, text })
}

/** One named query a layer, each with the columns that need only those below. */
const climb = (work: RowWork, wanted: Omit<Climb, 'dialect' | 'statement'>): Rows => {
  const { dialect, statement } = work
  const on: Climb = { ...wanted, dialect, statement }
  const { ladder, outer } = on
  const writing: Writing = { dialect, statement, outer }
  const isGrouped = dialect.rows.folds === 'grouped' && ladder.groups.length > 0
  let at: Step =
    isGrouped && on.keep === undefined
      ? withNumber(work, on)
      : { source: on.source, rowId: undefined }
  for (let layer = 1; layer <= ladder.height; layer++) at = climbLayer(work, on, { ...at, layer })
  return {
    source: at.source,
    text: (term) => itemText(writing, ladder.item(term)),
    hasLists: (term) => [...references(ladder.item(term))].some(isJoinedList(dialect)),
  }
}

/** The rows before anything is computed of them, and what numbers them. */
const withNumber = ({ statement, graph }: RowWork, on: Climb): Step => {
  const { table } = graph.scopes[on.scope]!
  const rowId = statement.name('row_')
  const list = columns([column('*', '*'), column(on.identity, rowId)])
  const text: Select = (from) => `SELECT\n${list}\nFROM ${from(on.source)}`
  return { source: statement.query({ label: table, note: `${table}, numbered`, text }), rowId }
}

interface Step {
  readonly source: string
  /** The column that numbers the rows, once something has been folded into them, unless columns that stay do. */
  readonly rowId: string | undefined
}

const climbLayer = (work: RowWork, on: Climb, at: Step & { readonly layer: number }): Step => {
  const { dialect, statement, graph } = work
  const { ladder, outer, scope } = on
  const { table } = graph.scopes[scope]!
  const writing: Writing = { dialect, statement, outer }
  const groups = ladder.groups.filter((each) => each.layer === at.layer)
  const own = ladder.items.filter((item) => isComputedAt(item, at.layer))
  const tallies = ladder.items.filter((item) => isTallyAt(item, at.layer))
  if (groups.length + own.length + tallies.length === 0) return at
  const isGrouped = dialect.rows.folds === 'grouped'
  const base = isGrouped
    ? foldInGroups(work, on, { groups, at })
    : groups.length === 0
      ? at
      : numbered(work, on, at)
  const folded = [
    ...(isGrouped ? [] : groups.map((group) => foldGroup(work, { on, group, base }))),
    ...tallyJoins(tallies).map((items) => joinTallies(work, writing, items)),
  ]
  const lists = own.some((item) => [...directReferences(item)].some(isJoinedList(dialect)))
    ? JOIN_LISTS
    : ''
  const isAlone = folded.length === 0 && lists === ''
  const list: readonly Column[] = [
    ...(dialect.rows.nested
      ? stillNeeded(on, { ...at, rowId: base.rowId })
      : [{ text: isAlone ? '*' : `${base.source}.*`, note: undefined }]),
    ...folded.flatMap((each) => each.columns),
    ...own.map((item) => column(definition(writing, item), item.column ?? '', item.note)),
  ]
  const stone = steppingStone(work, on, at.layer)
  const text: Select = (from) => {
    const joins = folded.map((each) => `\nLEFT JOIN ${each.source(from)} ON ${each.on}`).join('')
    return `SELECT\n${columns(list)}\nFROM ${from(base.source)}${stone}${joins}${lists}`
  }
  const source = statement.query({ label: table, note: `${table}, layer ${at.layer}`, text })
  return { source, rowId: base.rowId }
}

/**
 * Spark's optimizer and planner look from each layer through all layers below, down to the first that does more than
 * project, and compare all that they name: 46 layers of 100 columns took longer to plan than 50,000 rows to make.
 */
const steppingStone = ({ dialect, statement }: RowWork, on: Climb, layer: number): string =>
  layer % LAYERS_IN_SIGHT === 0 && keptNames(on, layer).length >= MANY_COLUMNS
    ? (dialect.rows.each?.(statement.name('once_')) ?? '')
    : ''

/** As was quickest for mdm's sources on Spark 4.1: with more the planning grows, with fewer what a row costs. */
const LAYERS_IN_SIGHT = 7

/** Columns of a layer from which it matters. */
const MANY_COLUMNS = 24

const isJoinedList =
  (dialect: Dialect) =>
  (item: Item): boolean =>
    item.kind === 'list' && isJoined(dialect, item.list)

/** The rows so far, evaluated once and numbered, with the columns that are still needed. */
const numbered = (
  work: RowWork,
  on: Climb,
  { source, rowId, layer }: Step & { readonly layer: number },
): Step => {
  const { statement, graph } = work
  const { table } = graph.scopes[on.scope]!
  const number = rowId ?? statement.name('row_')
  const list = [
    rowId === undefined ? column(on.identity, number) : column(number, number),
    ...keptNames(on, layer).map((name) => column(name, name)),
  ]
  const text: Select = (from) => `SELECT\n${columns(list)}\nFROM ${from(source)}`
  const note = `${table}, to fold into`
  return { source: statement.query({ label: table, note, text, once: true }), rowId: number }
}

interface Folding {
  readonly on: Climb
  readonly group: FoldGroup
  readonly base: Step
}

interface Folded {
  readonly source: Select
  readonly on: string
  readonly columns: readonly Column[]
}

/** One row for each row that has children, with their folds; and the columns they give where they are joined. */
const foldGroup = (work: RowWork, { on, group, base }: Folding): Folded => {
  const { dialect, statement, graph, context } = work
  const { over, folds } = group
  const { table } = childrenOf(graph, over)
  const rowId = base.rowId ?? fail('internal', 'rows to fold into have no numbers')
  const above: Writing = { dialect, statement, outer: on.outer }
  const outer = (term: Term): string => itemText(above, on.ladder.item(term))
  const roots = folds.map((item) => folding(dialect, item))
  const source = expand(work, {
    scope: over,
    outer: { source: base.source, text: outer },
    carried: outersOf(roots, context.needs),
    keep: [rowId],
    always: false,
  })
  const ladder = createLadder(context, { roots, columns: [] })
  const ordinal = startName('children', table, over)
  // Keys could repeat: several rows may look at the same parent.
  const identity = `row_number() OVER (ORDER BY ${rowId}, ${ordinal})`
  const rows = climb(work, { scope: over, ladder, source, outer, roots, identity, keep: [rowId] })
  const list = folds.map((item, i) =>
    column(aggregate(dialect, item, rows.text(roots[i]!)), item.column ?? ''),
  )
  const lists = roots.some(rows.hasLists) ? JOIN_LISTS : ''
  const text: Select = (from) =>
    `SELECT\n${columns([column(rowId, rowId), ...list])}\nFROM ${from(rows.source)}${lists}\nGROUP BY ${rowId}`
  const folded = statement.query({ label: table, note: `${table}, folded`, text })
  return {
    source: (from) => from(folded),
    on: `${folded}.${rowId} = ${base.source}.${rowId}`,
    columns: folds.map((item) =>
      column(joinedFold(item, `${folded}.${item.column}`), item.column ?? ''),
    ),
  }
}

/** The rows with their folds, one expansion after another. */
const foldInGroups = (
  work: RowWork,
  on: Climb,
  { groups, at }: { readonly groups: readonly FoldGroup[]; readonly at: Step & { layer: number } },
): Step => {
  const done: string[] = []
  return groups.reduce<Step>((base, group) => {
    const step = foldInGroup(work, {
      on,
      group,
      base,
      kept: [...keptNames(on, at.layer), ...done],
    })
    done.push(...group.folds.map(({ column: name = '' }) => name))
    return step
  }, at)
}

/** Each row once for each of its children, or once if it has none, and these folded as groups. */
const foldInGroup = (
  work: RowWork,
  { on, group, base, kept }: Folding & { readonly kept: readonly string[] },
): Step => {
  const { dialect, statement, graph, context } = work
  const { over, folds } = group
  const { kind, table } = childrenOf(graph, over)
  const above: Writing = { dialect, statement, outer: on.outer }
  const outer = (term: Term): string => itemText(above, on.ladder.item(term))
  const ordinal = startName(kind, table, over)
  const roots = folds.map((item) => folding(dialect, item, ordinal))
  const names = base.rowId === undefined ? kept : [base.rowId, ...kept]
  const source = expand(work, {
    scope: over,
    outer: { source: base.source, text: outer },
    carried: outersOf(roots, context.needs),
    keep: names,
    always: true,
  })
  const ladder = createLadder(context, { roots, columns: [] })
  const keep = [...names, ordinal]
  const rows = climb(work, { scope: over, ladder, source, outer, roots, identity: ordinal, keep })
  const list = [
    ...names.map((name) => column(name, name)),
    ...folds.map((item, i) =>
      column(joinedFold(item, aggregate(dialect, item, rows.text(roots[i]!))), item.column ?? ''),
    ),
  ]
  const text: Select = (from) => `SELECT\n${columns(list)}\nFROM ${from(rows.source)}\nGROUP BY ALL`
  return {
    source: statement.query({ label: table, note: `${table}, folded`, text }),
    rowId: base.rowId,
  }
}

/** Tallies by one cross at the key of one row, which one join brings. */
const tallyJoins = (
  items: readonly ItemOf<'tally'>[],
): readonly (readonly [ItemOf<'tally'>, ...ItemOf<'tally'>[]])[] => {
  const joins = new Map<string, [ItemOf<'tally'>, ...ItemOf<'tally'>[]]>()
  for (const item of items) {
    const id = `${item.tally.cross} ${item.needs[0]?.id}`
    const known = joins.get(id)
    if (known === undefined) joins.set(id, [item])
    else known.push(item)
  }
  return [...joins.values()]
}

/** What tallies come to at the key of each row, 0 where nothing names it. */
const joinTallies = (
  work: RowWork,
  writing: Writing,
  items: readonly [ItemOf<'tally'>, ...ItemOf<'tally'>[]],
): Folded => {
  const { dialect, statement } = work
  const [{ tally: first, needs }] = items
  const key = needs[0] === undefined ? '' : itemText(writing, needs[0])
  const source = statement.name('t')
  const tallied = work.tallied(first.cross)
  return {
    source: (from) => from(tallied.source, source),
    on: `${source}.${tallied.key} = ${key}`,
    columns: items.map(({ tally, column: name = '' }) => {
      const total = `${source}.${tallied.total(tally.number)}`
      const message = `concat(${dialect.quoteString(`${beyondText(tally)} `)}, CAST(${key} AS ${dialect.typeName('string')}))`
      return column(
        `CASE WHEN ${total} > ${tally.most} THEN ${dialect.failure(message)} ELSE coalesce(${total}, 0) END`,
        name,
      )
    }),
  }
}
