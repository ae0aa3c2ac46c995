// The plain program that the shared-memory transport is measured against: the same slot, tiles and doorbell, one thread on either side.
// cc -O3 -march=native -o shared_memory shared_memory.c;  shared_memory FLOATS SECONDS  prints round trips per second.
// Server: copies the parameters into what is sent, which the host reads where it lies, says so, applies the result from the slot in tiles of 16 KB. Host:
// writes its result (a copy, for a gradient) in place. A side that waits spins about 20 us, then asks to be rung for and reads a byte from a Unix-domain socket.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TILE = 4096, SPINS = 400 };

struct control
{
    _Alignas(64) atomic_long work;
    _Alignas(64) atomic_long done;
    _Alignas(64) atomic_int server_dozes;
    _Alignas(64) atomic_int host_dozes;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + (t.tv_nsec * 1e-9);
}

static void pause_a_little(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

// Until the counter has left a value; 0 when the peer is gone.
static int await(atomic_long *counter, long value, atomic_int *dozes, int bell)
{
    for (int i = 0; i < SPINS; i++)
    {
        if (atomic_load(counter) != value)
        {
            return 1;
        }

        pause_a_little();
    }

    while (1)
    {
        char heard[64];
        atomic_store(dozes, 1);
        if (atomic_load(counter) != value)
        {
            atomic_store(dozes, 0);
            return 1;
        }

        if (read(bell, heard, sizeof heard) <= 0)
        {
            return 0;
        }
    }
}

static void tell(atomic_long *counter, long value, atomic_int *dozes, int bell)
{
    char byte = 1;
    atomic_store(counter, value);
    if (atomic_load(dozes) && atomic_exchange(dozes, 0) && write(bell, &byte, 1) != 1)
    {
        exit(1);
    }
}

static void fill(float *v, size_t floats)
{
    for (size_t i = 0; i < floats; i++)
    {
        v[i] = (float)(i % 97) * 0.01f;
    }
}

int main(int count, char **arguments)
{
    size_t floats = count > 1 ? strtoul(arguments[1], NULL, 10) : 61706;
    double seconds = count > 2 ? atof(arguments[2]) : 1;
    size_t bytes = (floats * sizeof(float) + 63) / 64 * 64;
    char *memory = mmap(NULL, 4096 + (2 * bytes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct control *control = (struct control *)memory;
    float *sent = (float *)(memory + 4096), *result = (float *)(memory + 4096 + bytes);
    int bells[2];
    if (memory == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM, 0, bells) != 0)
    {
        perror("setting up");
        return 1;
    }

    if (fork() == 0)
    {
        close(bells[0]);
        for (long trip = 0; await(&control->work, trip, &control->host_dozes, bells[1]); trip++)
        {
            memcpy(result, sent, floats * sizeof(float));
            tell(&control->done, trip + 1, &control->server_dozes, bells[1]);
        }

        return 0;
    }

    close(bells[1]);
    float *parameters = aligned_alloc(64, bytes);
    fill(parameters, floats);
    long trips = 0, before = 0;
    double begun = 0, start = now();
    while (begun == 0 || now() - begun < seconds)
    {
        if (begun == 0 && now() - start > 0.3)
        {
            begun = now();
            before = trips;
        }

        memcpy(sent, parameters, floats * sizeof(float));
        tell(&control->work, trips + 1, &control->host_dozes, bells[0]);
        if (!await(&control->done, trips, &control->server_dozes, bells[0]))
        {
            return 1;
        }

        for (size_t offset = 0; offset < floats; offset += TILE)
        {
            size_t end = offset + TILE < floats ? offset + TILE : floats;
            for (size_t i = offset; i < end; i++)
            {
                parameters[i] -= 0.001f * result[i];
            }
        }

        trips++;
    }

    printf("%.1f\n", (trips - before) / (now() - begun));
    return 0;
}
