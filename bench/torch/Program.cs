using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Kernels;
using Orchestrator.Models;
using Orchestrator.Models.TorchSharp;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.TorchBench;

/// <summary>
/// Gradients of a batch of 32 on one thread, three ways by turns: a loop of TorchSharp alone, the
/// torch backend, the managed backend. Of each the median of five rounds, in ms of the thread's
/// processor time per gradient.
/// </summary>
internal static class Program
{
    private const int Batch = 32;
    private const int Rounds = 5;

    private static int Main()
    {
        if (LibTorch.WhyNot is { } why)
        {
            Console.Error.WriteLine($"error: {why}");
            return 1;
        }

        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, batch {Batch}, one thread, medians of {Rounds} rounds by turns, ms of processor time per gradient");
        Console.WriteLine("| model | TorchSharp alone | torch backend | of TorchSharp | managed | torch / managed |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (var (name, architecture, input, count) in ((string, Architecture, int[], int)[])
            [("lenet5", new LeNet5(), [1, 28, 28], 100), ("cnn", new Cnn(), [1, 28, 28], 20), ("resnet20", new ResNet20(), [3, 32, 32], 4), ("resnet18", new ResNet18(), [3, 32, 32], 1)])
        {
            Measure(name, architecture.Describe(new DatasetShape(input, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], Batch, Batch)), input, count);
        }

        return 0;
    }

    private static void Measure(string name, Network network, int[] input, int count)
    {
        using var raw = new RawLoop(network, input, Batch);
        using var torch = new Ours(new TorchBackend(new TorchOptions()).Build(network), input, Batch);
        using var managed = new Ours(new ManagedBackend().Build(network), input, Batch);
        Action[] ways = [raw.Differentiate, torch.Differentiate, managed.Differentiate];
        var times = ways.Select(_ => new double[Rounds]).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var start = ProcessorTime.Milliseconds();
                for (var i = 0; i < count; i++)
                {
                    ways[way]();
                }

                if (round >= 0)
                {
                    times[way][round] = (ProcessorTime.Milliseconds() - start) / count;
                }
            }
        }

        var medians = Array.ConvertAll(times, of => of.Order().ElementAt(Rounds / 2));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {medians[0]:F2} | {medians[1]:F2} | {medians[1] / medians[0]:F2} | {medians[2]:F2} | {medians[1] / medians[2]:F2} |"));
    }

    /// <summary>A backend as a run uses it.</summary>
    private sealed class Ours : IDisposable
    {
        private readonly IReplica replica;
        private readonly RandomStream dropout = new RandomStreams(1).Open("dropout");
        private readonly float[] parameters;
        private readonly float[] buffers;
        private readonly float[] gradient;
        private readonly float[] pushed;
        private readonly float[] inputs;
        private readonly int[] labels;

        public Ours(IObjective objective, int[] input, int batch)
        {
            replica = objective.CreateReplica(batch);
            (parameters, gradient) = (new float[objective.Layout.Length], new float[objective.Layout.Length]);
            (buffers, pushed) = (new float[objective.Layout.BufferLength], new float[objective.Layout.BufferLength]);
            objective.Initialize(new RandomStreams(1).Open("init"), parameters, buffers);
            (inputs, labels) = Samples(input, batch);
        }

        public void Differentiate() => replica.Gradient(parameters, buffers, new Batch(inputs, labels, labels.Length), dropout, gradient, pushed);

        public void Dispose() => replica.Dispose();
    }

    /// <summary>The same for all.</summary>
    public static (float[] Inputs, int[] Labels) Samples(int[] input, int batch)
    {
        var random = new RandomStreams(1).Open("inputs");
        var inputs = new float[batch * input.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return (inputs, [.. Enumerable.Range(0, batch).Select(_ => random.Next(10))]);
    }
}
