using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps.Tests;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// The studies on images, in a few updates on images that are drawn: the data that they are about
/// need not be here.
/// </summary>
public sealed class ImageStudyTests : IDisposable
{
    private const string Glyphs = """dataset={"type":"glyphs","train":80,"test":20}""";

    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Fact]
    public void TheInceptionNetwork_WrittenInThePipeline_IsTheModelOfThatName()
    {
        var (named, written) = (Run("mxnet", "cifar10.json", Glyphs).Digest, Run("mxnet", "cifar10-written.json", Glyphs).Digest);

        Assert.Equal(named, written);
        Assert.NotEqual(named, Run("mxnet", "cifar10.json", Glyphs, "seed=2").Digest);
    }

    [Theory]
    [InlineData("mxnet")]
    [InlineData("gap-aware")]
    public void AStudyOnImageNet_RunsOnAnyFolderOfImages(string study)
    {
        Images.Draw(Path.Combine(laboratory.Folder, "imagenet"), 10, 24);
        var pipeline = Laboratory.ShippedPipeline("seeds", study, "imagenet.json");

        var run = Run(study, "imagenet.json", ["dataset.testLimit=2", .. Images.TenClasses(pipeline)]);

        Assert.Equal((RunStatus.Completed, 2), (run.Status, run.Updates));
        Assert.True(double.IsFinite(run.TestLoss!.Value));
    }

    // One cell of the sweep, made small.
    private RunSummary Run(string study, string file, params string[] sets) => laboratory.Run(
        Laboratory.ShippedPipeline("seeds", study, file), ["sweep=null", "workers.count=2", "workers.batchSize=2", """stop={"updates":2}""", .. sets]);
}
