// Avalanche of two-round multiply-xorshift mixers, 16 lanes at a time (GCC and Clang vectors).
// bias = 1000 * sqrt(mean over input bit i, output bit k of (2 P[flip i changes k] - 1)^2),
// the figure of the hash-prospector; a perfect mixer has 0, n samples of one have 1000 / sqrt(n).
#ifndef AVALANCHE_H
#define AVALANCHE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 16, DEPTH = 8, CHUNK = 1 << DEPTH, BITS = 32 };

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));
typedef struct {
  uint32_t s1, m1, s2, m2, s3;
} mixer;

// Counts, per bit position, the ones of many words: carry-save adders, one per word.
typedef struct {
  lanes slice[DEPTH];
  uint64_t ones[BITS];
} counter;

static inline lanes mix(const mixer *h, lanes x) {
  x ^= x >> h->s1;
  x *= h->m1;
  x ^= x >> h->s2;
  x *= h->m2;
  x ^= x >> h->s3;
  return x;
}

static inline lanes add(lanes *sum, lanes a, lanes b) {
  lanes half = a ^ b, carry = (a & b) | (half & *sum);
  *sum ^= half;
  return carry;
}

static inline lanes add_pairs(lanes *slice, const lanes *w) {
  lanes a = add(slice, w[0], w[1]), b = add(slice, w[2], w[3]);
  lanes c = add(slice, w[4], w[5]), d = add(slice, w[6], w[7]);
  a = add(slice + 1, a, b);
  c = add(slice + 1, c, d);
  return add(slice + 2, a, c);
}

static lanes add_all(lanes *slice, const lanes *w, int level) {
  if (level == 2) return add_pairs(slice, w);
  lanes a = add_all(slice, w, level - 1);
  return add(slice + level, a, add_all(slice, w + (1 << level), level - 1));
}

static void spread(counter *c, lanes w, uint64_t weight) {
  for (int k = 0; k < BITS; k++) {
    uint64_t n = 0;
    for (int l = 0; l < LANES; l++) n += (w[l] >> k) & 1;
    c->ones[k] += n * weight;
  }
}

static void count_chunk(counter *c, const lanes *words) {
  spread(c, add_all(c->slice, words, DEPTH - 1), CHUNK);
}

static void count_rest(counter *c) {
  for (int level = 0; level < DEPTH; level++) spread(c, c->slice[level], 1ull << level);
  memset(c->slice, 0, sizeof c->slice);
}

// Sum over output bits of (2 p - 1)^2 for one input bit seen n times.
static double squares(const counter *c, double n) {
  double sum = 0;
  for (int k = 0; k < BITS; k++) {
    double d = 2 * (double)c->ones[k] / n - 1;
    sum += d * d;
  }
  return sum;
}

// A splitmix-like sequence for samples; its quality only has to beat the sampling error.
static inline uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static inline void random_chunk(lanes *x, uint64_t *state) {
  for (int v = 0; v < CHUNK; v++)
    for (int l = 0; l < LANES; l += 2) {
      uint64_t z = next_random(state);
      x[v][l] = (uint32_t)z;
      x[v][l + 1] = (uint32_t)(z >> 32);
    }
}

// The signed bias of a sample of 2^log_n inputs, the sampling error's expectation taken out.
static inline double sampled_bias(const mixer *h, int log_n, uint64_t seed) {
  static counter c[BITS];
  static lanes x[CHUNK], y[CHUNK], d[CHUNK];
  memset(c, 0, sizeof c);
  for (long chunk = 0; chunk < (1l << log_n) / (CHUNK * LANES); chunk++) {
    random_chunk(x, &seed);
    for (int v = 0; v < CHUNK; v++) y[v] = mix(h, x[v]);
    for (int i = 0; i < BITS; i++) {
      for (int v = 0; v < CHUNK; v++) d[v] = y[v] ^ mix(h, x[v] ^ (1u << i));
      count_chunk(&c[i], d);
    }
  }
  double n = ldexp(1, log_n), mean = 0;
  for (int i = 0; i < BITS; i++) {
    count_rest(&c[i]);
    mean += squares(&c[i], n) / (BITS * BITS);
  }
  mean -= 1 / n;
  return 1000 * copysign(sqrt(fabs(mean)), mean);
}

// The exact bias over all 2^32 inputs; of two inputs that differ in a high bit only one is taken.
static inline double exact_bias(const mixer *h) {
  static counter c[BITS];
  static lanes x[CHUNK], y[CHUNK], d[CHUNK];
  memset(c, 0, sizeof c);
  for (uint64_t base = 0; base < 1ull << 32; base += CHUNK * LANES) {
    for (int v = 0; v < CHUNK; v++) {
      for (int l = 0; l < LANES; l++) x[v][l] = (uint32_t)base + v * LANES + l;
      y[v] = mix(h, x[v]);
    }
    for (int i = 0; i < BITS; i++) {
      if (i >= 4 + DEPTH && (base >> i & 1)) continue;
      if (i >= 4 && i < 4 + DEPTH)
        for (int v = 0; v < CHUNK; v++) d[v] = y[v] ^ y[v ^ (1 << (i - 4))];
      else
        for (int v = 0; v < CHUNK; v++) d[v] = y[v] ^ mix(h, x[v] ^ (1u << i));
      count_chunk(&c[i], d);
    }
  }
  double mean = 0;
  for (int i = 0; i < BITS; i++) {
    count_rest(&c[i]);
    mean += squares(&c[i], ldexp(1, i < 4 + DEPTH ? 32 : 31)) / (BITS * BITS);
  }
  return 1000 * sqrt(mean);
}

#endif
