using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.Models.Tests;

/// <summary>
/// Every layer and model against PyTorch's autograd in float64, on the same weights, inputs and
/// masks.
/// </summary>
public sealed class TorchTests
{
    private static readonly IReadOnlyList<ReferenceResult> Committed = ReferenceCase.Read<ReferenceResult>("references.json");

    public static TheoryData<string> Names => [.. ReferenceCase.All.Select(c => c.Name)];

    // Scalar lanes take long for the large models and do the same arithmetic as 128 bits.
    public static TheoryData<string, string> SmallCases =>
        new(from c in ReferenceCase.All where c.Layers is not null || c.Model == "lenet5" from path in Paths.Supported select (c.Name, path.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_OnTheWidestPath_AgreesWithTorch(string name) => AssertAgrees(name, Paths.Supported.Last(), Committed);

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void SmallModel_OnEveryPath_AgreesWithTorch(string name, string path) => AssertAgrees(name, Enum.Parse<VectorPath>(path), Committed);

    [Fact(Explicit = true, Timeout = 600_000)]
    [Trait("Slow", "true")]
    public async Task CommittedReferences_AreWhatTorchComputesNow()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "skipped: python3 with torch not found");
        var output = Path.GetTempFileName();
        using var process = Process.Start("/usr/bin/python3", [Path.Combine(SourceFolder(), "generate.py"), output]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        File.Copy(output, Path.Combine(ReferenceCase.Folder, "fresh.json"), overwrite: true);
        var fresh = ReferenceCase.Read<ReferenceResult>("fresh.json");
        foreach (var (old, now) in Committed.Zip(fresh))
        {
            Assert.Equal(old.Loss, now.Loss, 1e-10);
            foreach (var (before, after) in old.Gradient.Zip(now.Gradient))
            {
                Assert.InRange(Math.Sqrt(HashedSamples.SquaredDifference(before.Projections, after.Projections)), 0, 1e-9 * (1 + before.Norm));
            }
        }

        foreach (var path in Paths.Supported)
        {
            Assert.All(ReferenceCase.All, c => AssertAgrees(c.Name, path, fresh));
        }
    }

    private static void AssertAgrees(string name, VectorPath path, IReadOnlyList<ReferenceResult> references)
    {
        var (definition, expected) = (ReferenceCase.All.Single(c => c.Name == name), references.Single(r => r.Name == name));
        var network = definition.Network();
        var objective = new ManagedObjective(network, path);
        var draw = HashedSamples.Draw * expected.Draw;
        var parameters = HashedSamples.FillParameters(network.Layout, expected.Draw);
        float[] inputs =
            [.. Enumerable.Range(0, definition.Batch * network.Input.Length).Select(
                i => (float)((2 * HashedSamples.Unit(i, HashedSamples.Inputs + draw)) - 1))];
        int[] labels =
            [.. Enumerable.Range(0, definition.Batch).Select(i => (int)(HashedSamples.Word((uint)i, HashedSamples.Labels + draw) % definition.Classes))];
        var batch = new Batch(inputs, labels, definition.Batch);
        var (gradient, buffers, pushed) = (new float[network.Layout.Length], new float[network.Layout.BufferLength], new float[network.Layout.BufferLength]);
        objective.Initialize(new Numerics.RandomStreams(1).Open("init"), new float[network.Layout.Length], buffers);

        using var replica = objective.CreateReplica(definition.Batch);
        Assert.Equal(expected.Loss, replica.Gradient(parameters, buffers, batch, new HashedSamples.Stream(), gradient, pushed), 1e-5);
        Assert.Equal(expected.Evaluation / definition.Batch, replica.Evaluate(parameters, buffers, batch, new int[definition.Batch]) / definition.Batch, 1e-5);
        AssertClose(expected.Statistics, HashedSamples.Project(pushed), $"{name}: statistics");
        var norm = Math.Sqrt(expected.Gradient.Select(tensor => tensor.Norm * tensor.Norm).Sum());
        var squares = 0.0;
        foreach (var (tensor, reference) in network.Layout.Parameters.Zip(expected.Gradient))
        {
            var squared = HashedSamples.SquaredDifference(reference.Projections, HashedSamples.Project(gradient.AsSpan(tensor.Offset, tensor.Length)));
            Assert.True(
                Math.Sqrt(squared) <= (1e-4 * reference.Norm) + (1e-6 * norm),
                $"{name}: {tensor.Name} differs by {Math.Sqrt(squared):E1} of {reference.Norm:E1}");
            squares += squared;
        }

        Assert.InRange(Math.Sqrt(squares) / norm, 0, 1e-5);
    }

    private static void AssertClose(IReadOnlyList<double> expected, double[] actual, string what)
    {
        if (expected.Count > 0)
        {
            var scale = Math.Sqrt(expected.Select(e => e * e).Average());
            Assert.True(Math.Sqrt(HashedSamples.SquaredDifference(expected, actual)) <= 1e-5 * (1 + scale), what);
        }
    }

    // The script stays in the source tree, with the models that it imports.
    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
