using Orchestrator.Abstractions;
using Orchestrator.Models;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Kernels;

/// <summary>A model with random samples.</summary>
internal sealed class Subject
{
    private readonly IReplica replica;
    private readonly NativeVector parameters;
    private readonly NativeVector buffers;
    private readonly NativeVector gradient;
    private readonly NativeVector pushed;
    private readonly NativeVector inputs;
    private readonly int[] labels;
    private readonly RandomStreams streams = new(1);
    private readonly RandomStream dropout;
    private readonly StreamKey key;
    private long batches;

    public Subject(string name, int batch)
    {
        int[] shape = name is "lenet5" or "cnn" or "cnn-no-dropout" or "mlp" or "softmax-regression" ? [1, 28, 28] : [3, 32, 32];
        var objective = new ManagedBackend().Build(Architecture(name).Describe(new DatasetShape(shape, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], batch, batch)));
        replica = objective.CreateReplica(batch);
        parameters = new NativeVector(objective.Layout.Length);
        gradient = new NativeVector(objective.Layout.Length);
        buffers = new NativeVector(objective.Layout.BufferLength);
        pushed = new NativeVector(objective.Layout.BufferLength);
        inputs = new NativeVector(batch * shape.Aggregate(1, (a, b) => a * b));
        objective.Initialize(streams.Open("init"), parameters.Span, buffers.Span);
        var random = streams.Open("inputs");
        foreach (ref var input in inputs.Span)
        {
            input = (float)((2 * random.NextDouble()) - 1);
        }

        labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(10))];
        key = streams.Key("dropout");
        dropout = new RandomStream(key);
    }

    public void Differentiate()
    {
        dropout.Reset(key, batches++);
        replica.Gradient(parameters.Span, buffers.Span, new Batch(inputs.Span, labels, labels.Length), dropout, gradient.Span, pushed.Span);
    }

    private static Architecture Architecture(string name) => name switch
    {
        "lenet5" => new LeNet5(),
        "cnn" => new Cnn(),
        "cnn-no-dropout" => new Cnn(0, 0),
        "cnn-cifar" => new CnnCifar(),
        "resnet20" => new ResNet20(),
        "resnet18" => new ResNet18(),
        "wide-resnet-16-4" => new WideResNet164(),
        "mlp" => new Mlp(),
        "softmax-regression" => new SoftmaxRegression(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown model"),
    };
}
