// Computes pi on four threads, with the threads of a C library: see README.md.
#include <pthread.h>
#include <stdio.h>

#define THREADS 4
#define STEPS 1000000

static double parts[THREADS];

static void *integrate(void *argument) {
    double *part = argument;
    for (int step = part - parts; step < STEPS; step += THREADS) {
        double x = (step + 0.5) / STEPS;
        *part += 4 / (1 + x * x) / STEPS;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, integrate, &parts[i]) != 0) return 1;
    double pi = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        pi += parts[i];
    }
    printf("pi is %.6f\n", pi);
    return 0;
}
