using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Orchestrator.Abstractions;
using Orchestrator.Models;
using Orchestrator.Numerics;

namespace Orchestrator.Kernels;

/// <summary>
/// Our side of compare.py: takes lines "MODEL BATCH COUNT" on standard input, computes that many gradients and answers with the thread's processor
/// time for each, in milliseconds. "path" answers with the kernel path, "peak" with the FMA peak from registers alone, in GFLOP/s.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<(string Model, int Batch), Subject> Subjects = [];

    private static void Main()
    {
        while (Console.ReadLine() is { } line)
        {
            var answer = line.Split(' ') switch
            {
                ["path"] => KernelPaths.NameOf(KernelPaths.Choose()),
                ["peak"] => FmaPeak.Measure().ToString("F1", CultureInfo.InvariantCulture),
                [var model, var batch, var count] => Times(model, int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)),
                _ => "?",
            };
            Console.WriteLine(answer);
        }
    }

    private static string Times(string model, int batch, int count)
    {
        if (!Subjects.TryGetValue((model, batch), out var subject))
        {
            Subjects.Add((model, batch), subject = new Subject(model, batch));
        }

        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = ProcessorTime.Milliseconds();
            subject.Differentiate();
            times[i] = ProcessorTime.Milliseconds() - start;
        }

        return string.Join(' ', times.Select(t => t.ToString("F4", CultureInfo.InvariantCulture)));
    }
}

/// <summary>A model with random samples.</summary>
internal sealed class Subject
{
    private readonly IReplica replica;
    private readonly float[] parameters;
    private readonly float[] buffers;
    private readonly float[] gradient;
    private readonly float[] pushed;
    private readonly float[] inputs;
    private readonly int[] labels;
    private readonly RandomStreams streams = new(1);
    private readonly RandomStream dropout;
    private readonly StreamKey key;
    private long batches;

    public Subject(string name, int batch)
    {
        int[] shape = name is "lenet5" or "cnn" or "cnn-no-dropout" ? [1, 28, 28] : [3, 32, 32];
        var objective = Model(name).Build(new DatasetShape(shape, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], batch, batch));
        replica = objective.CreateReplica(batch);
        parameters = new float[objective.Layout.Length];
        gradient = new float[objective.Layout.Length];
        buffers = new float[objective.Layout.BufferLength];
        pushed = new float[objective.Layout.BufferLength];
        objective.Initialize(streams.Open("init"), parameters, buffers);
        var random = streams.Open("inputs");
        inputs = [.. Enumerable.Range(0, batch * shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(10))];
        key = streams.Key("dropout");
        dropout = new RandomStream(key);
    }

    public void Differentiate()
    {
        dropout.Reset(key, batches++);
        replica.Gradient(parameters, buffers, new Batch(inputs, labels, labels.Length), dropout, gradient, pushed);
    }

    private static IModel Model(string name) => name switch
    {
        "lenet5" => new LeNet5(),
        "cnn" => new Cnn(new CnnOptions()),
        "cnn-no-dropout" => new Cnn(new CnnOptions(0, 0)),
        "cnn-cifar" => new CnnCifar(new CnnOptions()),
        "resnet20" => new ResNet20(new ResidualNetworkOptions()),
        "resnet18" => new ResNet18(new ResidualNetworkOptions()),
        "wide-resnet-16-4" => new WideResNet164(new ResidualNetworkOptions()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown model"),
    };
}

internal static partial class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>Of this thread where the system tells (Linux), else of the process.</summary>
    public static double Milliseconds()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadClock, out var time) == 0)
        {
            return (time.Seconds * 1e3) + (time.Nanoseconds * 1e-6);
        }

        return Environment.CpuUsage.TotalTime.TotalMilliseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}

internal static class FmaPeak
{
    private const int Steps = 2_000_000;

    /// <summary>Ten independent chains of fused multiply-adds at the chosen width: the bound that no kernel passes. The best of several runs.</summary>
    public static double Measure()
    {
        var best = double.MaxValue;
        for (var run = 0; run < 12; run++)
        {
            var start = ProcessorTime.Milliseconds();
            var keep = KernelPaths.Choose() == KernelPath.Avx512 ? Run512() : Run256();
            best = Math.Min(best, ProcessorTime.Milliseconds() - start + (keep == 1 ? 1e-9 : 0));
        }

        var lanes = KernelPaths.Choose() == KernelPath.Avx512 ? 16 : 8;
        return Steps * 10.0 * 2 * lanes / best / 1e6;
    }

    private static float Run512()
    {
        var (x, y) = (Vector512.Create(1f), Vector512<float>.Zero);
        var (a, b, c, d, e) = (y, y, y, y, y);
        var (f, g, h, i, j) = (y, y, y, y, y);
        for (var step = 0; step < Steps; step++)
        {
            a = Avx512F.FusedMultiplyAdd(x, y, a);
            b = Avx512F.FusedMultiplyAdd(x, y, b);
            c = Avx512F.FusedMultiplyAdd(x, y, c);
            d = Avx512F.FusedMultiplyAdd(x, y, d);
            e = Avx512F.FusedMultiplyAdd(x, y, e);
            f = Avx512F.FusedMultiplyAdd(x, y, f);
            g = Avx512F.FusedMultiplyAdd(x, y, g);
            h = Avx512F.FusedMultiplyAdd(x, y, h);
            i = Avx512F.FusedMultiplyAdd(x, y, i);
            j = Avx512F.FusedMultiplyAdd(x, y, j);
        }

        return (a + b + c + d + e + f + g + h + i + j)[0];
    }

    private static float Run256()
    {
        var (x, y) = (Vector256.Create(1f), Vector256<float>.Zero);
        var (a, b, c, d, e) = (y, y, y, y, y);
        var (f, g, h, i, j) = (y, y, y, y, y);
        for (var step = 0; step < Steps; step++)
        {
            a = Fma.MultiplyAdd(x, y, a);
            b = Fma.MultiplyAdd(x, y, b);
            c = Fma.MultiplyAdd(x, y, c);
            d = Fma.MultiplyAdd(x, y, d);
            e = Fma.MultiplyAdd(x, y, e);
            f = Fma.MultiplyAdd(x, y, f);
            g = Fma.MultiplyAdd(x, y, g);
            h = Fma.MultiplyAdd(x, y, h);
            i = Fma.MultiplyAdd(x, y, i);
            j = Fma.MultiplyAdd(x, y, j);
        }

        return (a + b + c + d + e + f + g + h + i + j)[0];
    }
}
