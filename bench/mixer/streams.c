// Overlap, translation, uniformity and correlation of streams, lanes, parents and children, and keys.
// Every check gives a z that is standard normal for perfect streams; a line sums up those of a kind.
#include "draws.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 1 << 22, LANES = 4, SIDE = 16, LAGS = 5 };

typedef uint32_t *column;
typedef struct {
  const char *name;
  uint64_t first;
} range;
typedef struct {
  int count;
  double sum, squares, worst;
} tally;

static const range ranges[] = {{"from 0", 0},
                               {"across 2^32", (1ull << 32) - N / 2},
                               {"from 2^45", 1ull << 45},
                               {"below 2^53", (1ull << 53) - 2 * N}};
static const char *const texts[] = {"[1,\"individuals\",\"age\"]", "[1,\"individuals\",\"gender\"]",
                                    "[2,\"individuals\",\"age\"]", "[1,\"individuals\",\"age\",1]"};
static const uint64_t lags[LAGS] = {1, 2, 3, 15, 1024};

enum { RANGES = sizeof ranges / sizeof *ranges, STREAMS = sizeof texts / sizeof *texts };

static double worst_of_all;
static int checks;

static void check(tally *t, double value, double expected, double deviation) {
  double z = (value - expected) / deviation;
  t->count++;
  t->sum += z;
  t->squares += z * z;
  if (fabs(z) > fabs(t->worst)) t->worst = z;
  if (fabs(z) > worst_of_all) worst_of_all = fabs(z);
  checks++;
}

static void report(const char *where, const char *what, tally *t) {
  double mean = t->sum / t->count;
  printf("%-12s %-48s %5d %7.2f %6.2f %7.2f\n", where, what, t->count, mean,
         sqrt(t->squares / t->count), t->worst);
  fflush(stdout);
  *t = (tally){0};
}

static column column_of(void) { return calloc(N, sizeof(uint32_t)); }

static void fill(column out, const stream *s, uint64_t first) {
  for (uint32_t i = 0; i < N; i++) out[i] = draw(s, first + i);
}

static void fill_lanes(column out[LANES], const stream *s, uint64_t first) {
  for (uint32_t i = 0; i < N; i++) {
    uint32_t l[LANES];
    wide(s, first + i, l);
    for (int j = 0; j < LANES; j++) out[j][i] = l[j];
  }
}

// Sorts by the upper 32 bits: value << 32 | place.
static void sort(uint64_t *a) {
  static uint64_t other[N];
  for (int shift = 32; shift < 64; shift += 16) {
    static uint32_t start[(1 << 16) + 1];
    memset(start, 0, sizeof start);
    for (int i = 0; i < N; i++) start[(a[i] >> shift & 0xffff) + 1]++;
    for (int v = 0; v < 1 << 16; v++) start[v + 1] += start[v];
    for (int i = 0; i < N; i++) other[start[a[i] >> shift & 0xffff]++] = a[i];
    memcpy(a, other, sizeof other);
  }
}

static uint64_t *sorted(const column values) {
  uint64_t *a = malloc(N * sizeof *a);
  for (uint64_t i = 0; i < N; i++) a[i] = (uint64_t)values[i] << 32 | i;
  sort(a);
  return a;
}

static int repeats(const uint64_t *a) {
  int n = 0;
  for (int i = 1; i < N; i++) n += a[i] >> 32 == a[i - 1] >> 32;
  return n;
}

// Repeats among N random words are nearly Poisson.
static void check_repeats(tally *t, const uint64_t *a) {
  double expected = ldexp((double)N * N, -33);
  check(t, repeats(a), expected, sqrt(expected));
}

// Values that two columns share; their places' XOR and difference must not repeat more than chance.
static void check_shared(tally *shared, tally *offsets, const uint64_t *a, const uint64_t *b) {
  static uint32_t xors[N], differences[N];
  memset(xors, 0, sizeof xors);
  memset(differences, 0, sizeof differences);
  int pairs = 0, same_xor = 0, same_difference = 0;
  for (int i = 0, j = 0; i < N && j < N;) {
    uint64_t v = a[i] >> 32, w = b[j] >> 32;
    if (v == w) {
      uint32_t p = (uint32_t)a[i], q = (uint32_t)b[j];
      pairs++;
      same_xor += (int)xors[p ^ q]++;
      same_difference += (int)differences[(p - q) & (N - 1)]++;
      j++;
    } else if (v < w) i++;
    else j++;
  }
  double expected = ldexp((double)N * N, -32), collisions = (double)pairs * pairs / 2 / N;
  check(shared, pairs, expected, sqrt(expected));
  check(offsets, same_xor, collisions, sqrt(collisions));
  check(offsets, same_difference, collisions, sqrt(collisions));
}

// XOR of two columns row by row: a translation would make it constant, a weak mixer few-valued.
static uint64_t *sorted_xors(const column a, const column b) {
  static uint32_t x[N];
  for (int i = 0; i < N; i++) x[i] = a[i] ^ b[i];
  return sorted(x);
}

static void check_translation(tally *t, const column a, const column b) {
  uint64_t *xors = sorted_xors(a, b);
  check_repeats(t, xors);
  free(xors);
}

static void check_buckets(tally *t, const column a) {
  static const uint32_t sizes[] = {6, 14, 83, 256, 1024, 65536};
  static uint32_t high[65536], low[65536];
  for (int k = 0; k < 6; k++) {
    uint32_t n = sizes[k];
    memset(high, 0, sizeof high);
    memset(low, 0, sizeof low);
    for (int i = 0; i < N; i++) high[(uint64_t)a[i] * n >> 32]++, low[a[i] % n]++;
    double e = (double)N / n, chi_high = 0, chi_low = 0;
    for (uint32_t v = 0; v < n; v++) {
      chi_high += (high[v] - e) * (high[v] - e) / e;
      chi_low += (low[v] - e) * (low[v] - e) / e;
    }
    check(t, chi_high, n - 1, sqrt(2.0 * (n - 1)));
    check(t, chi_low, n - 1, sqrt(2.0 * (n - 1)));
  }
}

static void check_correlation(tally *t, const column a, const column b) {
  double sum = 0;
  for (int i = 0; i < N; i++) sum += (a[i] - 2147483647.5) * (b[i] - 2147483647.5);
  check(t, sum / N / (ldexp(1, 64) / 12) * sqrt(N), 0, 1);
}

// Chi-square of independence in the joint table of the four highest, or four lowest, bits. The two
// margins' own part is taken out: where b is a moved along they are one, and would count double.
static void check_joint(tally *t, const column a, const column b, int shift) {
  double e = (double)N / SIDE, cells = 0, margins = 0;
  uint32_t both[SIDE][SIDE] = {{0}}, one[SIDE] = {0}, other[SIDE] = {0};
  for (int i = 0; i < N; i++) {
    uint32_t x = a[i] >> shift & 15, y = b[i] >> shift & 15;
    both[x][y]++, one[x]++, other[y]++;
  }
  for (int x = 0; x < SIDE; x++) {
    margins += ((one[x] - e) * (one[x] - e) + (other[x] - e) * (other[x] - e)) / e;
    for (int y = 0; y < SIDE; y++) cells += pow(both[x][y] - e / SIDE, 2) / (e / SIDE);
  }
  double freedom = (SIDE - 1) * (SIDE - 1);
  check(t, cells - margins, freedom, sqrt(2 * freedom));
}

static void transpose(const column a, uint64_t *planes[32]) {
  for (int k = 0; k < 32; k++) {
    memset(planes[k], 0, N / 8);
    for (int i = 0; i < N; i++) planes[k][i >> 6] |= (uint64_t)(a[i] >> k & 1) << (i & 63);
  }
}

// Agreement of every bit of one column with every bit of the other: 1024 squared z, summed.
static void check_bits(tally *t, const column a, const column b) {
  static uint64_t *p[32], *q[32];
  for (int k = 0; k < 32 && !p[k]; k++) p[k] = malloc(N / 8), q[k] = malloc(N / 8);
  transpose(a, p);
  transpose(b, q);
  double chi = 0;
  for (int j = 0; j < 32; j++)
    for (int k = 0; k < 32; k++) {
      int64_t differ = 0;
      for (int w = 0; w < N / 64; w++) differ += __builtin_popcountll(p[j][w] ^ q[k][w]);
      double z = (2.0 * (double)differ - N) / sqrt(N);
      chi += z * z;
    }
  check(t, chi, 1024, sqrt(2 * 1024.0));
}

typedef struct {
  tally correlation, joint, bits, translation;
} pair_tally;

static void check_pair(pair_tally *t, const column a, const column b) {
  check_correlation(&t->correlation, a, b);
  check_joint(&t->joint, a, b, 28);
  check_joint(&t->joint, a, b, 0);
  check_bits(&t->bits, a, b);
  check_translation(&t->translation, a, b);
}

static void report_pair(const char *where, const char *what, pair_tally *t) {
  char line[64];
  tally *each[] = {&t->correlation, &t->joint, &t->bits, &t->translation};
  const char *test[] = {"correlation", "joint 16 x 16", "32 x 32 bits", "distinct XORs"};
  for (int i = 0; i < 4; i++) {
    snprintf(line, sizeof line, "%s: %s", what, test[i]);
    report(where, line, each[i]);
  }
}

// A draw is a permutation of the keys of one high word, so the first lane has no repeats there.
static void first_lane(const range *r, const uint64_t *a) {
  double expected = r->first % (1ull << 32) > (1ull << 32) - N ? ldexp((double)N * N, -34) : 0;
  printf("%-12s %-48s %5d repeats, %.0f expected\n", r->name,
         "first lane, a permutation per high word", repeats(a), expected);
}

static void lanes_and_streams(const range *r, const stream *s) {
  column lane[STREAMS][LANES];
  uint64_t *order[STREAMS][LANES];
  tally distinct = {0}, shared = {0}, offsets = {0}, buckets = {0};
  for (int i = 0; i < STREAMS; i++) {
    for (int j = 0; j < LANES; j++) lane[i][j] = column_of();
    fill_lanes(lane[i], &s[i], r->first);
    for (int j = 0; j < LANES; j++) {
      order[i][j] = sorted(lane[i][j]);
      if (j > 0) check_repeats(&distinct, order[i][j]);
      check_buckets(&buckets, lane[i][j]);
    }
  }
  first_lane(r, order[0][0]);
  report(r->name, "lanes 2 to 4: distinct values", &distinct);
  report(r->name, "lanes: 6 to 65536 buckets, high and low", &buckets);
  pair_tally same = {0}, other = {0};
  for (int i = 0; i < STREAMS * LANES; i++)
    for (int j = i + 1; j < STREAMS * LANES; j++) {
      column a = lane[i / LANES][i % LANES], b = lane[j / LANES][j % LANES];
      check_shared(&shared, &offsets, order[i / LANES][i % LANES], order[j / LANES][j % LANES]);
      if (i / LANES == j / LANES) check_pair(&same, a, b);
      else if (i % LANES == 0 || j % LANES == 0) check_pair(&other, a, b);
    }
  report(r->name, "any two lanes: shared values", &shared);
  report(r->name, "any two lanes: places of shared values", &offsets);
  report_pair(r->name, "lanes of one stream", &same);
  report_pair(r->name, "lanes of two streams", &other);
  for (int i = 0; i < STREAMS * LANES; i++)
    free(lane[i / LANES][i % LANES]), free(order[i / LANES][i % LANES]);
}

static void neighbours(const range *r, const stream *s) {
  pair_tally t = {0};
  column a = column_of(), b = column_of();
  for (int i = 0; i < STREAMS; i++)
    for (int k = 0; k < LAGS; k++) {
      fill(a, &s[i], r->first);
      fill(b, &s[i], r->first + lags[k]);
      check_pair(&t, a, b);
    }
  report_pair(r->name, "keys 1, 2, 3, 15, 1024 apart", &t);
  free(a);
  free(b);
}

// The high word is added, so two keys of unequal high words that agree by chance agree again when
// both move by 2^32: where the range crosses, each chance repeat of a draw is one more of the XORs.
static void high_neighbours(const range *r, const stream *s) {
  tally correlation = {0}, joint = {0}, bits = {0}, xors = {0};
  column a = column_of(), b = column_of();
  for (int i = 0; i < STREAMS; i++) {
    uint64_t first = r->first >> 32 < (1 << 21) - 1 ? r->first : r->first - (1ull << 32);
    fill(a, &s[i], first);
    fill(b, &s[i], first + (1ull << 32));
    check_correlation(&correlation, a, b);
    check_joint(&joint, a, b, 28);
    check_joint(&joint, a, b, 0);
    check_bits(&bits, a, b);
    uint64_t *x = sorted_xors(a, b), *draws = sorted(a);
    double expected = ldexp((double)N * N, -33);
    check(&xors, repeats(x) - repeats(draws), expected, sqrt(expected));
    free(x);
    free(draws);
  }
  report(r->name, "keys 2^32 apart: correlation", &correlation);
  report(r->name, "keys 2^32 apart: joint 16 x 16", &joint);
  report(r->name, "keys 2^32 apart: 32 x 32 bits", &bits);
  report(r->name, "keys 2^32 apart: distinct XORs, chance excepted", &xors);
  free(a);
  free(b);
}

// Child key = parent * m + k, in another stream and, harder, in the parent's own.
static void families(const range *r, const stream *s) {
  static const uint64_t capacity[] = {2, 6, 15, 16, 1000};
  pair_tally own = {0}, other = {0};
  column parent = column_of(), child = column_of();
  for (int i = 0; i < 5; i++)
    for (uint64_t k = 0; k < 2; k++)
      for (int same = 0; same < 2; same++) {
        uint64_t first = r->first / capacity[i];
        fill(parent, &s[0], first);
        for (uint64_t p = 0; p < N; p++)
          child[p] = draw(&s[1 - same], (first + p) * capacity[i] + k);
        check_pair(same ? &own : &other, parent, child);
      }
  report_pair(r->name, "parent and child, two streams", &other);
  report_pair(r->name, "parent and child, one stream", &own);
  free(parent);
  free(child);
}

// One draw from each of N seeds, and from N streams of one seed: repeats, buckets, neighbours.
static void names(const char *what, const char *format) {
  tally distinct = {0}, buckets = {0};
  pair_tally neighbour = {0};
  column a = column_of(), b = column_of();
  for (int i = 0; i < N; i++) {
    char text[120];
    snprintf(text, sizeof text, format, i);
    stream s = stream_of(text);
    a[i] = draw(&s, 1);
    b[i] = draw(&s, 1ull << 33);
  }
  uint64_t *order = sorted(a);
  check_repeats(&distinct, order);
  check_buckets(&buckets, a);
  check_pair(&neighbour, a, b);
  for (int i = 0; i + 1 < N; i++) b[i] = a[i + 1];
  check_pair(&neighbour, a, b);
  report(what, "distinct values", &distinct);
  report(what, "6 to 65536 buckets, high and low", &buckets);
  report_pair(what, "next, and another key", &neighbour);
  free(a);
  free(b);
  free(order);
}

int main(void) {
  stream s[STREAMS];
  for (int i = 0; i < STREAMS; i++) s[i] = stream_of(texts[i]);
  printf("%-12s %-48s %5s %7s %6s %7s\n", "keys", "check", "n", "mean z", "rms z", "worst z");
  for (int i = 0; i < RANGES; i++) {
    lanes_and_streams(&ranges[i], s);
    neighbours(&ranges[i], s);
    high_neighbours(&ranges[i], s);
    families(&ranges[i], s);
  }
  names("4M seeds", "[%d,\"individuals\",\"age\"]");
  names("4M streams", "[1,\"individuals\",\"age\",%d]");
  double chance = 1 - pow(erf(worst_of_all / sqrt(2)), checks);
  printf("%d checks, worst |z| %.2f, chance of as much %.3f\n", checks, worst_of_all, chance);
}
