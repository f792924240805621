import { describe, expect, test } from 'vitest'
import { draw, highWord, lowWord, mix, wide } from '../../../src/core/random/mixer.ts'
import type { Lanes, StreamConstants } from '../../../src/core/random/mixer.ts'
import { streamConstants } from '../../../src/core/random/stream.ts'
import type { Seed, StreamName } from '../../../src/core/random/stream.ts'

/** Made by the C twin in bench/mixer when the mixer was frozen. They never change. */
interface Golden {
  readonly seed: Seed
  readonly name: StreamName
  readonly constants: StreamConstants
  /** The wide value at each of KEYS; its first lane is the draw. */
  readonly lanes: readonly Lanes[]
}

const KEYS = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 45, 2 ** 53 - 1]

// prettier-ignore
const GOLDEN: readonly Golden[] = [
  {
    seed: 0,
    name: { table: 'households', stream: 'size' },
    constants: [2037831480, 2649445918, 2781498791, 1939453747, 3368192960],
    lanes: [
      [3784700192, 3556751193, 385307082, 3848845042],
      [4183013475, 3057978009, 3850055653, 1207536144],
      [2608372878, 2999862388, 3690484354, 3547442537],
      [3882100505, 553501278, 1026343151, 1229317067],
      [2982560308, 456921090, 3387525651, 705273101],
      [218087872, 2664689194, 230982247, 768241964],
    ],
  },
  {
    seed: 7,
    name: { table: 'individuals', stream: 'age' },
    constants: [3483624041, 4268998994, 1000750273, 285881089, 689655745],
    lanes: [
      [3975981169, 4143945087, 844317893, 4140251445],
      [3425620815, 2422257253, 2026830307, 2205374975],
      [3442203904, 644645370, 358744905, 1760068714],
      [440388932, 3826794323, 4141745464, 177782120],
      [3177944483, 2503503056, 285265503, 3234945733],
      [4045564366, 1993264193, 1372664905, 3188423091],
    ],
  },
  {
    seed: 7,
    name: { table: 'individuals', stream: 'age', index: 1 },
    constants: [3773796472, 393080608, 971171465, 3054020259, 403419525],
    lanes: [
      [423482519, 1644825190, 897547990, 310508341],
      [1525607989, 2482802572, 1454726031, 2821419458],
      [1114171693, 1242883106, 3324757815, 1832985411],
      [1027306530, 1803660219, 1492636585, 4177721712],
      [2591740910, 3442000680, 2521003933, 2500093073],
      [4240838447, 3630267016, 2923751918, 156770056],
    ],
  },
  {
    seed: -9007199254740991,
    name: { table: 'a.b', stream: 'c' },
    constants: [1386583278, 2332264203, 859400302, 3321824263, 3335765205],
    lanes: [
      [42872584, 1337990444, 1932839605, 342762417],
      [1731878315, 2286108394, 3539572767, 87245730],
      [3440976415, 3174234749, 1662528851, 226945776],
      [1759140073, 3053301072, 3733851976, 1747937714],
      [232551735, 1703456699, 1030710620, 1842736484],
      [986087823, 891191466, 3151004437, 1695589682],
    ],
  },
  {
    seed: 'Zoë',
    name: { table: '日本', stream: 'x"y' },
    constants: [1130013053, 1682914325, 1509754833, 2962075455, 3106393947],
    lanes: [
      [3418827875, 552708454, 4143237171, 421133736],
      [1149136563, 1734001286, 2477130283, 2076200395],
      [14452451, 837672825, 9562698, 960414020],
      [3092455534, 2733985641, 1534368340, 3095450240],
      [3650019919, 3174292620, 3757154606, 1683485495],
      [2691457037, 2542140647, 31652815, 2630629741],
    ],
  },
]

test.each([
  [0, 0],
  [1, 2261973619],
  [2, 229111015],
  [2147483647, 1289417537],
  [2147483648, 3770504306],
  [4294967295, 2578835075],
])('mix(%d) is %d', (x, mixed) => {
  expect(mix(x) >>> 0).toBe(mixed)
})

describe.each(GOLDEN)('seed $seed, $name', ({ seed, name, constants, lanes }) => {
  test('has its constants', () => {
    expect(streamConstants(seed, name)).toEqual(constants)
  })

  test('draws its values', () => {
    const words = KEYS.map((key) => [lowWord(key), highWord(key)] as const)
    expect(words.map(([lo, hi]) => wide(constants, lo, hi))).toEqual(lanes)
    expect(words.map(([lo, hi]) => draw(constants, lo, hi))).toEqual(lanes.map((each) => each[0]))
  })
})
