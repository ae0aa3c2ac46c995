// The plain program that the tcp transport is measured against: the same copies, blocking sockets, one thread on either side.
// cc -O3 -march=native -o tcp tcp.c;  tcp FLOATS SECONDS  prints round trips per second.
// Server: copies the parameters into what is sent, sends it, receives the result into a buffer, applies it. Host: receives, copies (for a gradient), sends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 64 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + (t.tv_nsec * 1e-9);
}

static void quit(const char *why)
{
    perror(why);
    exit(1);
}

static void send_all(int fd, void *header, float *data, size_t bytes)
{
    struct iovec parts[2] = { { header, HEADER }, { data, bytes } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    size_t left = HEADER + bytes;
    while (left > 0)
    {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent <= 0)
        {
            quit("send");
        }

        left -= (size_t)sent;
        while (message.msg_iovlen > 0 && (size_t)sent >= message.msg_iov->iov_len)
        {
            sent -= (ssize_t)message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }

        if (message.msg_iovlen > 0)
        {
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= (size_t)sent;
        }
    }
}

static int receive_all(int fd, void *data, size_t bytes)
{
    for (size_t got = 0; got < bytes;)
    {
        ssize_t more = recv(fd, (char *)data + got, bytes - got, 0);
        if (more <= 0)
        {
            return 0;
        }

        got += (size_t)more;
    }

    return 1;
}

static float *vector(size_t floats)
{
    float *v = aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64);
    for (size_t i = 0; i < floats; i++)
    {
        v[i] = (float)(i % 97) * 0.01f;
    }

    return v;
}

static void host(int port, size_t floats)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
    {
        quit("connect");
    }

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    float *sent = vector(floats), *result = vector(floats);
    char header[HEADER] = { 0 };
    while (receive_all(fd, header, HEADER) && receive_all(fd, sent, floats * sizeof(float)))
    {
        memcpy(result, sent, floats * sizeof(float));
        send_all(fd, header, result, floats * sizeof(float));
    }
}

int main(int count, char **arguments)
{
    size_t floats = count > 1 ? strtoul(arguments[1], NULL, 10) : 61706;
    double seconds = count > 2 ? atof(arguments[2]) : 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0)
    {
        quit("listen");
    }

    getsockname(listener, (struct sockaddr *)&address, &length);
    if (fork() == 0)
    {
        host(ntohs(address.sin_port), floats);
        return 0;
    }

    int fd = accept(listener, NULL, NULL);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    float *parameters = vector(floats), *sent = vector(floats), *result = vector(floats);
    char header[HEADER] = { 0 };
    long trips = 0;
    double begun = 0, start = now();
    while (begun == 0 || now() - begun < seconds)
    {
        if (begun == 0 && now() - start > 0.3)
        {
            begun = now();
            trips = 0;
        }

        memcpy(sent, parameters, floats * sizeof(float));
        send_all(fd, header, sent, floats * sizeof(float));
        if (!receive_all(fd, header, HEADER) || !receive_all(fd, result, floats * sizeof(float)))
        {
            quit("receive");
        }

        for (size_t i = 0; i < floats; i++)
        {
            parameters[i] -= 0.001f * result[i];
        }

        trips++;
    }

    printf("%.1f\n", trips / (now() - begun));
    return 0;
}
