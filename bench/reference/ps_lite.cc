// The same round trip over ps-lite (one server, one worker, one key whose value is the whole vector): push the result, apply, pull the parameters.
// ps_lite.sh builds and runs it;  the worker prints round trips per second.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "ps/ps.h"

static double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static void fill(ps::SArray<float> &v)
{
    for (size_t i = 0; i < v.size(); i++)
    {
        v[i] = static_cast<float>(i % 97) * 0.01f;
    }
}

static void serve(size_t floats)
{
    auto parameters = std::make_shared<ps::SArray<float>>(floats);
    fill(*parameters);
    auto server = new ps::KVServer<float>(0);
    server->set_request_handle([parameters, floats](const ps::KVMeta &request, const ps::KVPairs<float> &data, ps::KVServer<float> *self) {
        float *p = parameters->data();
        if (request.push)
        {
            const float *result = data.vals.data();
            for (size_t i = 0; i < floats; i++)
            {
                p[i] -= 0.001f * result[i];
            }
        }

        ps::KVPairs<float> answer;
        if (request.pull)
        {
            answer.keys = data.keys;
            answer.vals.resize(floats);
            memcpy(answer.vals.data(), p, floats * sizeof(float));
            answer.lens.push_back(static_cast<int>(floats));
        }

        self->Response(request, answer);
    });
    ps::RegisterExitCallback([server]() { delete server; });
}

static void work(size_t floats, double seconds)
{
    ps::KVWorker<float> worker(0, 0);
    ps::SArray<ps::Key> keys(1, 0);
    ps::SArray<int> lengths(1, static_cast<int>(floats));
    ps::SArray<float> parameters(floats), result(floats);
    fill(result);
    long trips = 0;
    double begun = 0, start = now();
    while (begun == 0 || now() - begun < seconds)
    {
        if (begun == 0 && now() - start > 0.3)
        {
            begun = now();
            trips = 0;
        }

        worker.Wait(worker.ZPushPull(keys, result, &parameters, &lengths));
        memcpy(result.data(), parameters.data(), floats * sizeof(float));
        trips++;
    }

    printf("%.1f\n", trips / (now() - begun));
}

int main(int count, char **arguments)
{
    size_t floats = count > 1 ? strtoul(arguments[1], nullptr, 10) : 61706;
    double seconds = count > 2 ? atof(arguments[2]) : 1;
    ps::Start(0);
    if (ps::IsServer())
    {
        serve(floats);
    }
    else if (ps::IsWorker())
    {
        work(floats, seconds);
    }

    ps::Finalize(0, true);
    return 0;
}
