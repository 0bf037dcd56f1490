/* The limits of a loader. decode: whole JPEGs to RGB and palette PNGs to indices, and nothing else; the files lie in
   memory, and each thread decodes into one buffer of its own. memset, around (the cache): writing the bytes of a batch;
   every thread fills its share of one batch's memory, again and again. An image is what its bytes there stand for. */
#include <png.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <jpeglib.h>
#include <immintrin.h>

#define TEXT(token) #token
#define TEXT_OF(macro) TEXT(macro)

enum { BATCH = 64, CROP_HEIGHT = 320, CROP_WIDTH = 480, MOST_THREADS = 256, LARGEST = 1024 };
/* Three floats and one int64 a pixel. */
static const size_t image_bytes = (size_t)CROP_HEIGHT * CROP_WIDTH * (3 * 4 + 8);

typedef struct { unsigned char *bytes; size_t length; } File;
static struct { File image, label; } *samples;
static int sample_count, thread_count, around_cache;
static atomic_long next_sample;
static atomic_size_t written;
static char *memory;
static double stop_at;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "limits: %s\n", what);
    exit(1);
}

static File read_file(const char *root, const char *folder, const char *name, const char *extension) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s/%s.%s", root, folder, name, extension);
    FILE *stream = fopen(path, "rb");
    if (!stream || fseek(stream, 0, SEEK_END))
        die(path);
    File file = { NULL, ftell(stream) };
    rewind(stream);
    file.bytes = calloc(file.length + 1, 1);
    if (fread(file.bytes, 1, file.length, stream) != file.length)
        die(path);
    fclose(stream);
    return file;
}

/* Whether the image holds the crop. Without pixels the header alone is read. */
static int decode_jpeg(File file, unsigned char *pixels) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.bytes, file.length);
    jpeg_read_header(&jpeg, TRUE);
    int height = jpeg.image_height, width = jpeg.image_width;
    if (height > LARGEST || width > LARGEST)
        die("an image is larger than 1024x1024");
    if (pixels) {
        jpeg.out_color_space = JCS_RGB;
        jpeg_start_decompress(&jpeg);
        while (jpeg.output_scanline < jpeg.output_height) {
            JSAMPROW rows[4];
            for (int row = 0; row < 4; row++)
                rows[row] = pixels + (jpeg.output_scanline + row) * 3 * (size_t)width;
            jpeg_read_scanlines(&jpeg, rows, 4);
        }
        jpeg_finish_decompress(&jpeg);
    }
    jpeg_destroy_decompress(&jpeg);
    return height >= CROP_HEIGHT && width >= CROP_WIDTH;
}

static void decode_png(File file, unsigned char *pixels) {
    png_image png = { .version = PNG_IMAGE_VERSION };
    png_byte colors[256 * 4];
    if (!png_image_begin_read_from_memory(&png, file.bytes, file.length) || !(png.format & PNG_FORMAT_FLAG_COLORMAP))
        die("a label is no palette image");
    png.format = PNG_FORMAT_RGBA_COLORMAP;
    if (!png_image_finish_read(&png, NULL, pixels, 0, colors))
        die("a label cannot be decoded");
}

static void fill(char *start, size_t length, int value) {
    if (around_cache) {
        __m128i bytes = _mm_set1_epi8((char)value);
        for (size_t place = 0; place < length; place += sizeof bytes)
            _mm_stream_si128((__m128i *)(start + place), bytes);
        _mm_sfence();
        return;
    }
    memset(start, value, length);
}

/* A thread's work until the time is over. It counts images by their bytes in a batch. */
static void *work(void *index) {
    size_t length = image_bytes * BATCH / thread_count / 4096 * 4096, done = 0;
    /* Room for three rows past the end: rows are asked for four at a time. */
    static _Thread_local unsigned char pixels[3 * LARGEST * (LARGEST + 3)];
    while (now() < stop_at) {
        if (memory) {
            fill(memory + (size_t)index * length, length, (int)(done / length) & 127);
            done += length;
        } else {
            long next = atomic_fetch_add(&next_sample, 1) % sample_count;
            decode_jpeg(samples[next].image, pixels);
            decode_png(samples[next].label, pixels);
            done += image_bytes;
        }
    }
    written += done;
    return NULL;
}

static void run(double seconds, int say) {
    pthread_t threads[MOST_THREADS];
    double start = now();
    stop_at = start + seconds;
    written = 0;
    for (int i = 0; i < thread_count; i++)
        pthread_create(&threads[i], NULL, work, (void *)(size_t)i);
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    if (say)
        printf("%.0f %.6f\n", (double)written / image_bytes, now() - start);
    fflush(stdout);
}

static void read_samples(const char *root) {
    char *list = (char *)read_file(root, "ImageSets/Segmentation", "train", "txt").bytes;
    for (char *id = strtok(list, "\r\n "); id; id = strtok(NULL, "\r\n ")) {
        File image = read_file(root, "JPEGImages", id, "jpg");
        if (!decode_jpeg(image, NULL))
            continue;
        samples = realloc(samples, (sample_count + 1) * sizeof *samples);
        samples[sample_count].image = image;
        samples[sample_count++].label = read_file(root, "SegmentationClass", id, "png");
    }
    if (sample_count == 0)
        die("no sample holds the crop");
}

/* In the runner's order: MODE --threads N --root DIR --seconds S. */
int main(int count, char **arguments) {
    thread_count = count < 8 ? 0 : atoi(arguments[3]);
    if (thread_count < 1 || thread_count > MOST_THREADS)
        die("usage: limits decode|memset|around --threads N --root DIR --seconds S; 1 to 256 threads");
    if (!strcmp(arguments[1], "decode")) {
        read_samples(arguments[5]);
    } else {
        around_cache = !strcmp(arguments[1], "around");
        size_t huge = 2 << 20, bytes = (image_bytes * BATCH + huge - 1) / huge * huge;
        memory = aligned_alloc(huge, bytes);
        madvise(memory, bytes, MADV_HUGEPAGE);
    }
    run(0.5, 0);
    puts("READY jpeg=" TEXT_OF(LIBJPEG_TURBO_VERSION) " png=" PNG_LIBPNG_VER_STRING);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin) && !strncmp(line, "GO", 2))
        run(atof(arguments[7]), 1);
    return 0;
}
