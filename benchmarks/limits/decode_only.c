/* The limit of every loader that decodes: whole JPEGs to RGB and palette PNGs to indices, and nothing else.
   Files lie in memory; each thread decodes into one buffer of its own. Talks with the runner as the contestants do. */
#include <png.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <jpeglib.h>

#ifndef LIBJPEG_TURBO_VERSION
#define LIBJPEG_TURBO_VERSION no
#endif
#define TEXT(token) #token
#define TEXT_OF(macro) TEXT(macro)

typedef struct { unsigned char *bytes; size_t length; } File;
typedef struct { File photo, label; } Sample;

static Sample *samples;
static int sample_count;
static int thread_count = 2;
static double seconds = 2;
static atomic_long next_sample;
static double stop_at;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "decode_only: %s\n", what);
    exit(1);
}

static File read_file(const char *root, const char *folder, const char *id, const char *extension) {
    char path[4096];
    File file;
    snprintf(path, sizeof path, "%s/%s/%s.%s", root, folder, id, extension);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        die(path);
    fseek(stream, 0, SEEK_END);
    file.length = ftell(stream);
    rewind(stream);
    file.bytes = malloc(file.length);
    if (fread(file.bytes, 1, file.length, stream) != file.length)
        die(path);
    fclose(stream);
    return file;
}

static size_t decode_jpeg(File file, unsigned char *pixels, int header_only, int *height, int *width) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.bytes, file.length);
    jpeg_read_header(&jpeg, TRUE);
    *height = jpeg.image_height;
    *width = jpeg.image_width;
    if (!header_only) {
        jpeg.out_color_space = JCS_RGB;
        jpeg_start_decompress(&jpeg);
        size_t row_bytes = 3 * (size_t)jpeg.output_width;
        while (jpeg.output_scanline < jpeg.output_height) {
            JSAMPROW rows[4];
            for (int row = 0; row < 4; row++)
                rows[row] = pixels + (jpeg.output_scanline + row) * row_bytes;
            jpeg_read_scanlines(&jpeg, rows, 4);
        }
        jpeg_finish_decompress(&jpeg);
    }
    jpeg_destroy_decompress(&jpeg);
    return (size_t)*height * *width;
}

typedef struct { File file; size_t place; } Reader;

static void png_bytes(png_structp png, png_bytep bytes, png_size_t count) {
    Reader *reader = png_get_io_ptr(png);
    if (reader->place + count > reader->file.length)
        png_error(png, "cut short");
    memcpy(bytes, reader->file.bytes + reader->place, count);
    reader->place += count;
}

static void decode_png(File file, unsigned char *pixels) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png)))
        die("a label cannot be decoded");
    Reader reader = { file, 0 };
    png_set_read_fn(png, &reader, png_bytes);
    png_read_info(png, info);
    if (png_get_color_type(png, info) != PNG_COLOR_TYPE_PALETTE || png_get_interlace_type(png, info) != PNG_INTERLACE_NONE)
        die("a label is no plain palette image");
    size_t row_bytes = png_get_rowbytes(png, info);
    png_uint_32 height = png_get_image_height(png, info);
    for (png_uint_32 row = 0; row < height; row++)
        png_read_row(png, pixels + row * row_bytes, NULL);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
}

static void *decode(void *unused) {
    (void)unused;
    /* Room for three rows past the end: rows are asked for four at a time. */
    unsigned char *photo = malloc(3 * (size_t)1100 * 1100);
    unsigned char *label = malloc((size_t)1100 * 1100);
    long done = 0;
    int height, width;
    while (now() < stop_at) {
        Sample *sample = &samples[atomic_fetch_add(&next_sample, 1) % sample_count];
        decode_jpeg(sample->photo, photo, 0, &height, &width);
        decode_png(sample->label, label);
        done++;
    }
    free(photo);
    free(label);
    return (void *)done;
}

static long run(double for_seconds, double *elapsed) {
    pthread_t threads[256];
    long done = 0;
    double start = now();
    stop_at = start + for_seconds;
    for (int i = 0; i < thread_count; i++)
        pthread_create(&threads[i], NULL, decode, NULL);
    for (int i = 0; i < thread_count; i++) {
        void *own;
        pthread_join(threads[i], &own);
        done += (long)own;
    }
    *elapsed = now() - start;
    return done;
}

int main(int count, char **arguments) {
    const char *root = NULL;
    int crop_height = 320, crop_width = 480;
    for (int i = 1; i + 1 < count; i += 2) {
        if (!strcmp(arguments[i], "--root")) root = arguments[i + 1];
        if (!strcmp(arguments[i], "--threads")) thread_count = atoi(arguments[i + 1]);
        if (!strcmp(arguments[i], "--seconds")) seconds = atof(arguments[i + 1]);
        if (!strcmp(arguments[i], "--crop")) sscanf(arguments[i + 1], "%dx%d", &crop_height, &crop_width);
    }
    if (!root || thread_count < 1 || thread_count > 256)
        die("usage: --root DIR [--threads N] [--seconds S] [--crop HxW]");

    char path[4096], id[256];
    snprintf(path, sizeof path, "%s/ImageSets/Segmentation/train.txt", root);
    FILE *list = fopen(path, "r");
    if (!list)
        die(path);
    while (fscanf(list, "%255s", id) == 1) {
        int height, width;
        File photo = read_file(root, "JPEGImages", id, "jpg");
        decode_jpeg(photo, NULL, 1, &height, &width);
        if (height < crop_height || width < crop_width) {
            free(photo.bytes);
            continue;
        }
        if (height > 1024 || width > 1024)
            die("a photo is larger than 1024x1024");
        samples = realloc(samples, (sample_count + 1) * sizeof *samples);
        samples[sample_count].photo = photo;
        samples[sample_count++].label = read_file(root, "SegmentationClass", id, "png");
    }
    fclose(list);
    if (sample_count == 0)
        die("no sample holds the crop");

    double elapsed;
    run(0.5, &elapsed);
    printf("READY images=%d libjpeg-turbo=" TEXT_OF(LIBJPEG_TURBO_VERSION) " libpng=" PNG_LIBPNG_VER_STRING "\n", sample_count);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin) && !strncmp(line, "GO", 2)) {
        long done = run(seconds, &elapsed);
        printf("%ld %.6f\n", done, elapsed);
        fflush(stdout);
    }
    return 0;
}
