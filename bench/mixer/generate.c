// Writes raw 32-bit words along one axis to stdout, without end, for `dieharder -g 200`.
#include "draws.h"

#include <stdio.h>

enum { STREAMS = 16, CAPACITY = 15 };

typedef uint32_t axis(uint64_t i);
typedef struct {
  const char *name, *meaning;
  axis *word;
} choice;

static stream s[STREAMS];

static uint32_t key(uint64_t i) { return draw(&s[0], i); }

static uint32_t key_2_32(uint64_t i) { return draw(&s[0], (1ull << 32) - (1 << 24) + i); }

static uint32_t high(uint64_t i) { return draw(&s[0], (i & 0x1fffff) << 32 | i >> 21); }

// A parent, then its five children.
static uint32_t child(uint64_t i) {
  uint64_t parent = i / 6, place = i % 6;
  return place == 0 ? draw(&s[0], parent) : draw(&s[1], parent * CAPACITY + place - 1);
}

static uint32_t streams(uint64_t i) { return draw(&s[i % STREAMS], i / STREAMS); }

static uint32_t lanes(uint64_t i) {
  static uint32_t l[4];
  if (i % 4 == 0) wide(&s[0], i / 4, l);
  return l[i % 4];
}

static uint32_t seed(uint64_t i) {
  char text[120];
  snprintf(text, sizeof text, "[%llu,\"individuals\",\"age\"]", (unsigned long long)i);
  stream each = stream_of(text);
  return draw(&each, 1);
}

static uint32_t name(uint64_t i) {
  char text[120];
  snprintf(text, sizeof text, "[1,\"individuals\",\"age\",%llu]", (unsigned long long)i);
  stream each = stream_of(text);
  return draw(&each, 1);
}

static const choice choices[] = {
    {"key", "one stream, keys from 0", key},
    {"key-2^32", "one stream, keys across 2^32", key_2_32},
    {"high", "one stream, the high word moves first", high},
    {"child", "each parent and its five children (parent * 15 + k)", child},
    {"streams", "16 streams in turn at each key", streams},
    {"lanes", "the four lanes of wide values", lanes},
    {"seed", "one key of one stream, seeds from 0", seed},
    {"name", "one key of one seed, streams of index from 0", name},
};

enum { CHOICES = sizeof choices / sizeof *choices };

static int write_words(axis *word) {
  static uint32_t buffer[1 << 14];
  for (uint64_t i = 0;;) {
    for (int j = 0; j < 1 << 14; j++) buffer[j] = word(i++);
    if (fwrite(buffer, sizeof buffer, 1, stdout) != 1) return 0;
  }
}

int main(int argc, char **argv) {
  for (int i = 0; i < STREAMS; i++) {
    char text[120];
    snprintf(text, sizeof text, "[1,\"individuals\",\"stream%d\"]", i);
    s[i] = stream_of(text);
  }
  for (int i = 0; argc > 1 && i < CHOICES; i++)
    if (!strcmp(argv[1], choices[i].name)) return write_words(choices[i].word);
  fprintf(stderr, "usage: generate <axis>, one of\n");
  for (int i = 0; i < CHOICES; i++)
    fprintf(stderr, "  %-9s %s\n", choices[i].name, choices[i].meaning);
  return 2;
}
