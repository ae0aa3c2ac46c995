using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// The studies on images, in a few updates on images that are drawn: the data that they are about
/// need not be here.
/// </summary>
public sealed class ImageStudyTests : IDisposable
{
    private const string Glyphs = """dataset={"type":"glyphs","train":80,"test":20}""";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void TheInceptionNetwork_WrittenInThePipeline_IsTheModelOfThatName()
    {
        var (named, written) = (Digest("mxnet/cifar10.json", Glyphs), Digest("mxnet/cifar10-written.json", Glyphs));

        Assert.Equal(named, written);
        Assert.NotEqual(named, Digest("mxnet/cifar10.json", Glyphs, "seed=2"));
    }

    [Theory]
    [InlineData("mxnet/imagenet.json")]
    [InlineData("gap-aware/imagenet.json")]
    public void AStudyOnImageNet_RunsOnAnyFolderOfImages(string pipeline)
    {
        Images.Draw(Path.Combine(program.Folder, "data", "imagenet"), 10, 24);

        var run = Run(pipeline, ["dataset.testLimit=2", .. Images.TenClasses(Cli.Shipped(Path.Combine("seeds", pipeline)))]);

        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal(2, run.GetProperty("updates").GetInt32());
        Assert.True(double.IsFinite(run.GetProperty("testLoss").GetDouble()));
    }

    private string? Digest(string pipeline, params string[] sets) => Run(pipeline, sets).GetProperty("digest").GetString();

    // One cell of the sweep, made small.
    private System.Text.Json.JsonElement Run(string pipeline, string[] sets)
    {
        string[] small = ["sweep=null", "workers.count=2", "workers.batchSize=2", """stop={"updates":2}""", .. sets];
        return program.RunJson(
            Cli.Shipped(Path.Combine("seeds", pipeline)), 0, [.. small.SelectMany(set => new[] { "--set", set }), "--data", Path.Combine(program.Folder, "data")]);
    }
}
