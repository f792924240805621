// Avalanche of the mixer and of the two-word draw y = mix((mix(lo ^ c1) + hi * odd) ^ c2).
//   avalanche exact              the mixer and its rivals over all 2^32 inputs
//   avalanche draw <log2 keys>   the draw over all 53 key bits, several (c1, c2), three kinds of
//   keys avalanche odd <candidates>   looks for a multiplier of the high word with less bias of its
//   own
#include "avalanche.h"
#include "frozen.h"

#include <stdio.h>
#include <stdlib.h>

enum { HIGH_BITS = 21, KEY_BITS = BITS + HIGH_BITS };

typedef struct {
  uint32_t c1, c2, odd;
} stream;
typedef enum { ANY_KEY, FIRST_KEYS, KEYS_FROM_2_45 } kind;
static const char *const kind_name[] = {"random below 2^53", "from 0", "from 2^45"};

static const mixer h = {S1, M1, S2, M2, S3};

static inline lanes draw_lanes(const stream *s, lanes lo, lanes hi) {
  return mix(&h, (mix(&h, lo ^ s->c1) + hi * s->odd) ^ s->c2);
}

static void keys(kind k, uint64_t chunk, lanes *lo, lanes *hi) {
  uint64_t state = chunk * 0x632be59bd9b4e019ull;
  random_chunk(lo, &state);
  random_chunk(hi, &state);
  for (int v = 0; v < CHUNK; v++) {
    hi[v] >>= BITS - HIGH_BITS;
    if (k == ANY_KEY) continue;
    for (int l = 0; l < LANES; l++) lo[v][l] = (uint32_t)((chunk * CHUNK + v) * LANES + l);
    hi[v] = (lanes){0} + (k == FIRST_KEYS ? 0 : 1u << 13);
  }
}

typedef struct {
  double low, high, all;
} result;

static double root(double squares, int bits) {
  double mean = squares / (bits * BITS);
  return 1000 * copysign(sqrt(fabs(mean)), mean);
}

// What an unbiased draw adds to the squares: of consecutive keys both ends of a pair are counted.
static double noise(kind k, int bit, int log_n) {
  return BITS * ldexp(k != ANY_KEY && bit < log_n ? 2 : 1, -log_n);
}

// Bias over the low word's bits, the high word's, and all; the sampling error's expectation is out.
static result bias(const stream *s, kind k, int log_n) {
  static counter c[KEY_BITS];
  static lanes lo[CHUNK], hi[CHUNK], y[CHUNK], d[CHUNK];
  memset(c, 0, sizeof c);
  for (long chunk = 0; chunk < (1l << log_n) / (CHUNK * LANES); chunk++) {
    keys(k, (uint64_t)chunk, lo, hi);
    for (int v = 0; v < CHUNK; v++) y[v] = draw_lanes(s, lo[v], hi[v]);
    for (int i = 0; i < KEY_BITS; i++) {
      uint32_t low = i < BITS ? 1u << i : 0, high = i < BITS ? 0 : 1u << (i - BITS);
      for (int v = 0; v < CHUNK; v++) d[v] = y[v] ^ draw_lanes(s, lo[v] ^ low, hi[v] ^ high);
      count_chunk(&c[i], d);
    }
  }
  double low = 0, high = 0;
  for (int i = 0; i < KEY_BITS; i++) {
    count_rest(&c[i]);
    *(i < BITS ? &low : &high) += squares(&c[i], ldexp(1, log_n)) - noise(k, i, log_n);
  }
  return (result){root(low, BITS), root(high, HIGH_BITS), root(low + high, KEY_BITS)};
}

// A high bit's flip adds odd * 2^i before the second mix, whose input is otherwise uniform.
static double high_bias(const stream *s, int log_n, uint64_t seed) {
  static counter c[HIGH_BITS];
  static lanes z[CHUNK], y[CHUNK], d[CHUNK];
  memset(c, 0, sizeof c);
  for (long chunk = 0; chunk < (1l << log_n) / (CHUNK * LANES); chunk++) {
    random_chunk(z, &seed);
    for (int v = 0; v < CHUNK; v++) y[v] = mix(&h, z[v] ^ s->c2);
    for (int i = 0; i < HIGH_BITS; i++) {
      for (int v = 0; v < CHUNK; v++) d[v] = y[v] ^ mix(&h, (z[v] + (s->odd << i)) ^ s->c2);
      count_chunk(&c[i], d);
    }
  }
  double n = ldexp(1, log_n), sum = 0;
  for (int i = 0; i < HIGH_BITS; i++) {
    count_rest(&c[i]);
    sum += squares(&c[i], n);
  }
  return sum / (HIGH_BITS * BITS) - 1 / n;
}

static double odd_score(uint32_t odd, int log_n, uint64_t *state) {
  enum { STREAMS = 8 };
  double sum = 0;
  for (int i = 0; i < STREAMS; i++) {
    stream s = {0, (uint32_t)(next_random(state) >> 32), odd};
    sum += high_bias(&s, log_n, next_random(state)) / STREAMS;
  }
  return 1000 * copysign(sqrt(fabs(sum)), sum);
}

static void choose_odd(int candidates) {
  uint64_t state = 1;
  printf("frozen %u: %.4f\n", ODD, odd_score(ODD, 26, &state));
  double record = 1e9;
  for (int i = 0; i < candidates; i++) {
    uint32_t odd = (uint32_t)(next_random(&state) >> 33) | 1;
    if (odd_score(odd, 18, &state) > record + 0.25) continue;
    if (odd_score(odd, 21, &state) > record + 0.1) continue;
    double score = odd_score(odd, 25, &state);
    if (score >= record) continue;
    record = score;
    printf("odd %u: %.4f\n", odd, score);
    fflush(stdout);
  }
}

static void table(int log_n) {
  static const uint32_t c[][2] = {{0, 0},
                                  {0x243f6a88, 0x85a308d3},
                                  {0x13198a2e, 0x03707344},
                                  {0xa4093822, 0x299f31d0},
                                  {0xffffffff, 0xffffffff}};
  printf("2^%d keys; the sampling error's expectation (%.4f) is taken out in quadrature\n", log_n,
         1000 / sqrt(ldexp(1, log_n)));
  printf("%-18s %-19s %8s %8s %8s\n", "keys", "c1, c2", "low", "high", "all");
  for (kind k = ANY_KEY; k <= KEYS_FROM_2_45; k++)
    for (unsigned i = 0; i < sizeof c / sizeof *c; i++) {
      stream s = {c[i][0], c[i][1], ODD};
      result r = bias(&s, k, log_n);
      printf("%-18s %08x, %08x  %8.4f %8.4f %8.4f\n", kind_name[k], s.c1, s.c2, r.low, r.high,
             r.all);
      fflush(stdout);
    }
}

static void rivals(void) {
  static const struct {
    const char *name;
    mixer h;
  } all[] = {{"frozen", {S1, M1, S2, M2, S3}},
             {"its neighbour by search", {16, 569420461, 15, 1398418839, 15}},
             {"16, 16, 17", {16, 488516907, 16, 1955881687, 17}},
             {"lowbias32", {16, 0x7feb352d, 15, 0x846ca68b, 16}},
             {"MurmurHash3 fmix32", {16, 0x85ebca6b, 13, 0xc2b2ae35, 16}}};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    printf("%-24s %.6f\n", all[i].name, exact_bias(&all[i].h));
    fflush(stdout);
  }
}

int main(int argc, char **argv) {
  int n = argc > 2 ? atoi(argv[2]) : 0;
  if (argc > 1 && !strcmp(argv[1], "exact")) rivals();
  else if (argc > 2 && !strcmp(argv[1], "draw")) table(n);
  else if (argc > 2 && !strcmp(argv[1], "odd")) choose_odd(n);
  else return fprintf(stderr, "usage: avalanche exact | draw <log2 keys> | odd <candidates>\n"), 2;
}
