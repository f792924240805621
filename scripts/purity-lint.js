// Lint rules of the pure core that oxlint has no setting for; .oxlintrc.json applies them to src/core and src/datasets.

const isLiteral = (node, value) => node.type === 'Literal' && node.value === value

const presentDate = {
  create: (context) => {
    const report = (node) =>
      context.report({ node, message: 'The core has no clock: hand the instant in.' })
    return {
      NewExpression: (node) => {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node)
      },
      CallExpression: (node) => {
        if (node.callee.name === 'Date') report(node)
      },
    }
  },
}

const inexactPower = {
  create: (context) => {
    const report = (node) =>
      context.report({ node, message: '`**` differs between engines; only 2 ** literal is exact.' })
    return {
      BinaryExpression: (node) => {
        if (node.operator !== '**') return
        if (!isLiteral(node.left, 2) || typeof node.right.value !== 'number') report(node)
      },
      AssignmentExpression: (node) => {
        if (node.operator === '**=') report(node)
      },
    }
  },
}

const localeMethod = {
  create: (context) => ({
    MemberExpression: (node) => {
      const name = node.computed ? node.property.value : node.property.name
      if (typeof name === 'string' && /^(toLocale|localeCompare$)/.test(name))
        context.report({ node, message: `${name} depends on the locale of the machine.` })
    },
  }),
}

// oxlint-disable-next-line no-default-export -- the shape oxlint asks of a plugin
export default {
  meta: { name: 'purity' },
  rules: {
    'present-date': presentDate,
    'inexact-power': inexactPower,
    'locale-method': localeMethod,
  },
}
