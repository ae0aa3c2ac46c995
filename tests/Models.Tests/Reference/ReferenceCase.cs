using System.Text.Json;
using Orchestrator.Networks;

namespace Orchestrator.Models.Tests;

/// <summary>A network of cases.json: one of ours by name, or a list of layers.</summary>
internal sealed record ReferenceCase(string Name, string? Model, IReadOnlyList<int> Input, int Classes, int Batch, IReadOnlyList<LayerOptions>? Layers)
{
    public static IReadOnlyList<ReferenceCase> All { get; } = Read<ReferenceCase>("cases.json");

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Reference");

    public static IReadOnlyList<T> Read<T>(string file) =>
        JsonSerializer.Deserialize<List<T>>(File.ReadAllText(Path.Combine(Folder, file)), JsonSerializerOptions.Web)!;

    public Network Network()
    {
        var data = Samples.Shape(Classes, [.. Input]);
        return Networks.Network.Create(Layers ?? Architectures.Named(Model!).LayersFor(data), data);
    }
}

/// <summary>What PyTorch computes for a case.</summary>
internal sealed record ReferenceResult(
    string Name, uint Draw, double Loss, double Evaluation, IReadOnlyList<ReferenceTensor> Gradient, IReadOnlyList<double> Statistics);

/// <summary>One tensor of a gradient: its norm and its sums with random signs.</summary>
internal sealed record ReferenceTensor(double Norm, IReadOnlyList<double> Projections);
