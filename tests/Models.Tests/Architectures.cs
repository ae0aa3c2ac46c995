using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models.Tests;

internal static class Architectures
{
    public static IReadOnlyList<LayerOptions> LeNet5 { get; } = new LeNet5().LayersFor(Samples.Shape(10, 1, 28, 28));

    public static Architecture Named(string name) => name switch
    {
        "lenet5" => new LeNet5(),
        "cnn" => new Cnn(),
        "cnn-cifar" => new CnnCifar(),
        "inception-bn-28-small" => new InceptionBn28Small(),
        "resnet20" => new ResNet20(),
        "resnet18" => new ResNet18(),
        "wide-resnet-16-4" => new WideResNet164(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
