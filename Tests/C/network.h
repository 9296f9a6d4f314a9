/* A tiny VGG-shaped network: conv1_1 (3 to 2), a pool, fc2 (2 x 2 x 2 to 3); input 4 x 4. */
#ifndef GCPP_TEST_NETWORK_H
#define GCPP_TEST_NETWORK_H

#include <gradcampp.h>

enum { CONVOLUTION_WEIGHTS = 3 * 3 * 3 * 2, DENSE_WEIGHTS = 8 * 3 };

typedef struct tiny_network {
  float convolution[CONVOLUTION_WEIGHTS];
  float convolution_biases[2];
  float dense[DENSE_WEIGHTS];
  float dense_biases[3];
  gcpp_array arrays[4];
} tiny_network;

/* Channel 0 takes the centre tap of red, channel 1 that of blue (network order B, G, R); class 0
   sums channel 0 over all cells, class 1 sums channel 1, class 2 is the constant 1. */
static void tiny_network_fill(tiny_network *network) {
  const tiny_network zero = {{0}, {0}, {0}, {0}, {{NULL, NULL, GCPP_FLOAT32, 0, {0}}}};
  int cell;
  *network = zero;
  network->convolution[(4 * 3 + 2) * 2 + 0] = 1;
  network->convolution[(4 * 3 + 0) * 2 + 1] = 1;
  network->convolution_biases[0] = 123.68f;
  network->convolution_biases[1] = 103.939f;
  for (cell = 0; cell < 4; cell++) {
    network->dense[(cell * 2 + 0) * 3 + 0] = 0.01f;
    network->dense[(cell * 2 + 1) * 3 + 1] = 0.01f;
  }
  network->dense_biases[2] = 1;
  {
    const gcpp_array arrays[4] = {
        {"conv1_1/weights", network->convolution, GCPP_FLOAT32, 4, {3, 3, 3, 2}},
        {"conv1_1/biases", network->convolution_biases, GCPP_FLOAT32, 1, {2, 0, 0, 0}},
        {"fc2/weights", network->dense, GCPP_FLOAT32, 2, {8, 3, 0, 0}},
        {"fc2/biases", network->dense_biases, GCPP_FLOAT32, 1, {3, 0, 0, 0}}};
    int index;
    for (index = 0; index < 4; index++)
      network->arrays[index] = arrays[index];
  }
}

#endif
