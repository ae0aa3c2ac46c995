using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

/// <summary>
/// Every layer and model, in full, partial and several groups, to the bit: one result on all paths,
/// and the committed one.
/// </summary>
public sealed class OneDigestTests
{
    private const string File = "Reference/bits.json";

    private static readonly Dictionary<string, string> Committed = JsonSerializer.Deserialize<Dictionary<string, string>>(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, File)))!;

    // Scalar lanes take minutes for the large models and do the same arithmetic as the others do
    // per lane.
    public static TheoryData<string, string> CasesAndPaths =>
        new(from name in Cases.Keys from path in Paths.Supported where path != VectorPath.Scalar || !IsLarge(name) select (name, path.ToString()));

    private static Dictionary<string, (IReadOnlyList<LayerOptions> Layers, DatasetShape Data)> Cases { get; } = ReferenceCase.All
        .Select(c => (c.Name, Data: Samples.Shape(c.Classes, [.. c.Input]), c))
        .ToDictionary(c => c.Name, c => (c.c.Layers ?? Architectures.Named(c.c.Model!).LayersFor(c.Data), c.Data))
        .Append(KeyValuePair.Create("mlp", (new Mlp([70, 21]).LayersFor(Samples.Shape(10, 1, 28, 28)), Samples.Shape(10, 1, 28, 28))))
        .Append(KeyValuePair.Create("inception-bn-28-small", (new InceptionBn28Small().LayersFor(Samples.Shape(10, 3, 28, 28)), Samples.Shape(10, 3, 28, 28))))
        .Append(KeyValuePair.Create("concat", (Concat, Samples.Shape(5, 3, 9, 7))))
        .Append(KeyValuePair.Create("softmax-regression", (new SoftmaxRegression().LayersFor(Samples.Shape(7, 41)), Samples.Shape(7, 41))))
        .ToDictionary();

    private static IReadOnlyList<LayerOptions> Concat =>
    [
        new ConcatOptions([
            new SequentialOptions([new Conv2dOptions(17, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(3, 1, 1)]),
            new SequentialOptions([new DropoutOptions(0.3), new Conv2dOptions(5, 1)]), new AveragePoolOptions(3, 1, 1), new SequentialOptions([])]),
        new ConcatOptions([new Conv2dOptions(6, 3, 2, 1), new MaxPoolOptions(3, 2, 1)]), new FlattenOptions(), new LinearOptions(5),
    ];

    [Theory]
    [MemberData(nameof(CasesAndPaths))]
    public void Gradient_OnEveryPath_HasTheCommittedBits(string name, string path)
    {
        var bits = BitsOf(name, Enum.Parse<VectorPath>(path));
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1" && bits != Committed.GetValueOrDefault(name))
        {
            Committed[name] = bits;
            System.IO.File.WriteAllText(
                Path.Combine(SourceFolder(), File), JsonSerializer.Serialize(Committed, new JsonSerializerOptions { WriteIndented = true }) + "\n");
        }

        Assert.Equal(Committed.GetValueOrDefault(name), bits);
    }

    private static bool IsLarge(string name) =>
        name.StartsWith("cnn", StringComparison.Ordinal) || name.Contains("resnet", StringComparison.Ordinal)
            || name.Contains("-bn-", StringComparison.Ordinal);

    // One sample; half a stripe; a part of one; several groups, the last of them partial.
    private static string BitsOf(string name, VectorPath path)
    {
        var (layers, data) = Cases[name];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in IsLarge(name) ? (ReadOnlySpan<int>)[19] : [1, 8, 20, 33, 75])
        {
            var samples = new Samples(layers, data, batch);
            using var replica = samples.Objective(path).CreateReplica(batch);
            var (gradient, pushed, predictions) = (new float[samples.Parameters.Length], new float[samples.Buffers.Length], new int[batch]);
            var loss = replica.Gradient(samples.Parameters, samples.Buffers, samples.Batch, new RandomStreams(7).Open("dropout"), gradient, pushed);
            var sum = replica.Evaluate(samples.Parameters, samples.Buffers, samples.Batch, predictions);
            hash.AppendData(BitConverter.GetBytes(loss));
            hash.AppendData(BitConverter.GetBytes(sum));
            hash.AppendData(MemoryMarshal.AsBytes<float>(gradient));
            hash.AppendData(MemoryMarshal.AsBytes<float>(pushed));
            hash.AppendData(MemoryMarshal.AsBytes<int>(predictions));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
