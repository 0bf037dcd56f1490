/* How fast batches could be written if writing were all: every thread fills its share of one batch's memory, again and again,
   by memset or by stores that go around the cache. Talks with the runner as the contestants do; its "images" are what the
   bytes of a batch stand for. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static char *memory;
static size_t batch_bytes, image_bytes;
static int thread_count = 2, around_cache;
static double seconds = 2, stop_at;
static pthread_barrier_t together;

typedef struct { pthread_t thread; size_t from, length; long passes; } Share;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void fill(char *start, size_t length, int value) {
#if defined(__x86_64__)
    if (around_cache) {
        __m128i bytes = _mm_set1_epi8((char)value);
        for (size_t place = 0; place < length; place += 64)
            for (int part = 0; part < 64; part += 16)
                _mm_stream_si128((__m128i *)(start + place + part), bytes);
        _mm_sfence();
        return;
    }
#endif
    memset(start, value, length);
}

static void *work(void *argument) {
    Share *share = argument;
    pthread_barrier_wait(&together);
    for (share->passes = 0; now() < stop_at; share->passes++)
        fill(memory + share->from, share->length, (int)share->passes & 127);
    return NULL;
}

static double run(double for_seconds, double *elapsed) {
    Share shares[256];
    size_t length = batch_bytes / thread_count / 4096 * 4096;
    double bytes = 0, start = now();
    stop_at = start + for_seconds;
    for (int i = 0; i < thread_count; i++) {
        shares[i].from = i * length;
        shares[i].length = length;
        pthread_create(&shares[i].thread, NULL, work, &shares[i]);
    }
    for (int i = 0; i < thread_count; i++) {
        pthread_join(shares[i].thread, NULL);
        bytes += (double)shares[i].passes * length;
    }
    *elapsed = now() - start;
    return bytes;
}

int main(int count, char **arguments) {
    int height = 320, width = 480, batch = 64;
    for (int i = 1; i + 1 < count; i += 2) {
        if (!strcmp(arguments[i], "--threads")) thread_count = atoi(arguments[i + 1]);
        if (!strcmp(arguments[i], "--seconds")) seconds = atof(arguments[i + 1]);
        if (!strcmp(arguments[i], "--batch")) batch = atoi(arguments[i + 1]);
        if (!strcmp(arguments[i], "--stores")) around_cache = !strcmp(arguments[i + 1], "around-cache");
        if (!strcmp(arguments[i], "--crop")) sscanf(arguments[i + 1], "%dx%d", &height, &width);
    }
    if (thread_count < 1 || thread_count > 256)
        return 1;
    /* Three floats and one int64 a pixel. */
    image_bytes = (size_t)height * width * (3 * 4 + 8);
    batch_bytes = image_bytes * batch;
    size_t huge = 2 << 20;
    memory = aligned_alloc(huge, (batch_bytes + huge - 1) / huge * huge);
    if (!memory)
        return 1;
#ifdef MADV_HUGEPAGE
    madvise(memory, batch_bytes, MADV_HUGEPAGE);
#endif
    pthread_barrier_init(&together, NULL, thread_count);

    double elapsed;
    run(0.5, &elapsed);
    printf("READY images=%d\n", batch);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin) && !strncmp(line, "GO", 2)) {
        double bytes = run(seconds, &elapsed);
        printf("%.0f %.6f\n", bytes / image_bytes, elapsed);
        fflush(stdout);
    }
    return 0;
}
