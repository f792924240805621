// The streams of src/core/random, once more in C: constants from a name, draws, wide values.
#ifndef DRAWS_H
#define DRAWS_H

#include "frozen.h"

#include <stdint.h>
#include <string.h>

typedef struct {
  uint32_t c[5];
} stream;

static inline uint32_t mix32(uint32_t x) {
  x = (x ^ x >> S1) * M1;
  x = (x ^ x >> S2) * M2;
  return x ^ x >> S3;
}

static inline uint32_t draw(const stream *s, uint64_t key) {
  uint32_t x = mix32((uint32_t)key ^ s->c[0]);
  return mix32((x + (uint32_t)(key >> 32) * ODD) ^ s->c[1]);
}

static inline void wide(const stream *s, uint64_t key, uint32_t l[4]) {
  uint32_t x = mix32((uint32_t)key ^ s->c[0]);
  l[0] = mix32((x + (uint32_t)(key >> 32) * ODD) ^ s->c[1]);
  l[1] = x + mix32(l[0] ^ s->c[2]);
  l[2] = l[0] + mix32(l[1] ^ s->c[3]);
  l[3] = l[1] + mix32(l[2] ^ s->c[4]);
}

static const uint32_t sha_round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha_block(uint32_t state[8], const uint8_t *block) {
  uint32_t w[64], v[8];
  memcpy(v, state, sizeof v);
  for (int t = 0; t < 16; t++, block += 4)
    w[t] = (uint32_t)block[0] << 24 | block[1] << 16 | block[2] << 8 | block[3];
  for (int t = 16; t < 64; t++) {
    uint32_t x = w[t - 15], y = w[t - 2];
    w[t] = w[t - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[t - 7] +
           (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
  }
  for (int t = 0; t < 64; t++) {
    uint32_t e = v[4], a = v[0];
    uint32_t t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                  (v[6] ^ (e & (v[5] ^ v[6]))) + sha_round[t] + w[t];
    uint32_t t2 =
        (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & v[1]) | (v[2] & (a | v[1])));
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t1;
    v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) state[i] += v[i];
}

// The stream whose name's text is `text`, for example [7,"individuals","age"]; at most 119 bytes.
static stream stream_of(const char *text) {
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t length = strlen(text), blocks = (length + 9 + 63) / 64;
  uint8_t bytes[128] = {0};
  memcpy(bytes, text, length);
  bytes[length] = 0x80;
  bytes[64 * blocks - 1] = (uint8_t)(8 * length);
  bytes[64 * blocks - 2] = (uint8_t)(8 * length >> 8);
  for (size_t i = 0; i < blocks; i++) sha_block(state, bytes + 64 * i);
  stream s;
  for (int i = 0; i < 5; i++) s.c[i] = __builtin_bswap32(state[i]);
  return s;
}

#endif
