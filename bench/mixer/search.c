// Hill-climbs for two-round mixers with odd multipliers below 2^31; prints finalists' exact bias.
#include "avalanche.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SEEDS = 8 };

// Known mixers, multipliers cut to 31 bits; from the hash-prospector's lists, MurmurHash3 and our
// own.
static const mixer start[SEEDS] = {
    {16, 0x21f0aaad, 15, 0x735a2d97, 15}, {16, 488516907, 16, 1955881687, 17},
    {16, 0x7feb352d, 15, 0x046ca68b, 16}, {15, 0x5168aaad, 15, 0x2f723597, 15},
    {16, 0x05ebca6b, 13, 0x42b2ae35, 16}, {17, 0x6d5ad4bb, 15, 0x31848bab, 14},
    {16, 0x45d9f3b, 16, 0x45d9f3b, 16},   {15, 0x21f0aaad, 15, 0x735a2d97, 15},
};

static uint64_t state;

static uint32_t below(uint32_t n) { return (uint32_t)(next_random(&state) >> 32) % n; }

static mixer any(void) {
  mixer h = {15 + below(3), 0, 14 + below(4), 0, 14 + below(4)};
  h.m1 = (uint32_t)next_random(&state) >> 1 | 1;
  h.m2 = (uint32_t)next_random(&state) >> 1 | 1;
  return h;
}

static mixer neighbour(mixer h) {
  uint32_t kind = below(16);
  if (kind == 0) {
    uint32_t *shift[] = {&h.s1, &h.s2, &h.s3};
    *shift[below(3)] += below(2) ? 1 : -1;
    return h;
  }
  uint32_t *m = below(2) ? &h.m1 : &h.m2;
  if (kind == 1) *m = (*m + 2 * below(64) - 64) & 0x7fffffff;
  else
    for (uint32_t flips = 1 + below(3); flips > 0; flips--)
      *(below(4) ? m : below(2) ? &h.m1 : &h.m2) ^= 2u << below(30);
  return h;
}

static double elapsed(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double square(double x) { return x * fabs(x); }

// Bias by growing samples; stops as soon as one says, by two standard errors, "worse than best".
static double challenge(const mixer *h, double best) {
  static const int log_n[] = {15, 17, 19, 21, 23, 25, 27};
  double bias = 0;
  for (unsigned i = 0; i < sizeof log_n / sizeof *log_n; i++) {
    bias = sampled_bias(h, log_n[i], i);
    double error = 1e6 * sqrt(2.0 / (BITS * BITS)) / ldexp(1, log_n[i]);
    if (square(bias) > square(best) + 2 * error) return fmax(bias, best);
  }
  return bias;
}

// Patience grows when the climb comes near the record.
static double climb(mixer *h, double record, double until) {
  double best = challenge(h, 1e9);
  for (int failures = 0; elapsed() < until;) {
    mixer next = neighbour(*h);
    double bias = challenge(&next, best);
    if (bias < best) *h = next, best = bias, failures = 0;
    else failures++;
    if (failures > (best < 1.1 * record ? 6000 : best < 1.5 * record ? 2000 : 500)) break;
  }
  return best;
}

static mixer first(int round) {
  if (round < SEEDS) return start[round];
  mixer best = any();
  double bias = sampled_bias(&best, 18, 1);
  for (int i = 0; i < 200; i++) {
    mixer h = any();
    double b = sampled_bias(&h, 18, 1);
    if (b < bias) best = h, bias = b;
  }
  return best;
}

int main(int argc, char **argv) {
  double until = elapsed() + (argc > 1 ? atof(argv[1]) : 60);
  state = argc > 2 ? strtoull(argv[2], 0, 10) : 1;
  double record = 0.2;
  for (int round = 0; elapsed() < until; round++) {
    mixer h = first(round);
    double bias = climb(&h, record, until);
    int final = bias < record * 1.1;
    if (final) bias = exact_bias(&h);
    if (final && bias < record) record = bias;
    printf("%s %.6f  %u %u %u %u %u\n", final ? "exact  " : "sampled", bias, h.s1, h.m1, h.s2, h.m2,
           h.s3);
    fflush(stdout);
  }
}
