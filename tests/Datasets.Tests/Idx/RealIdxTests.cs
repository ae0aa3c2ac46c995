using System.Security.Cryptography;

namespace Orchestrator.Datasets.Tests;

public sealed class RealIdxTests
{
    // Means and deviations as published for the two sets.
    [Fact(Timeout = 60_000)]
    public void Fashion_mnist_is_the_official_set()
    {
        var folders = RealData.With("fashion-mnist");
        var dataset = new FashionMnist(new ImageFileOptions());
        var data = (ByteDataset)dataset.Load(folders);
        AssertOfficial(data, mean: 0.2860, deviation: 0.3530);
        var shape = dataset.Describe(folders);
        Assert.Equal([1, 28, 28], shape.Input);
        Assert.Equal("Ankle boot", shape.ClassNames[data.Train.Labels[0]]);
        Assert.All(data.Train.Labels.ToArray().CountBy(label => label), pair => Assert.Equal(6000, pair.Value));
    }

    [Fact(Timeout = 60_000)]
    public void Mnist_is_the_official_set()
    {
        var data = (ByteDataset)new Mnist(new ImageFileOptions()).Load(RealData.With("mnist"));
        AssertOfficial(data, mean: 0.1307, deviation: 0.3081);
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], data.Train.Labels[..10].ToArray());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    public void The_published_lengths_and_checksums_are_those_of_the_official_files(string name)
    {
        var folder = Path.Combine(RealData.With(name).Roots[0], name);
        foreach (var file in (name == "mnist" ? IdxFiles.Mnist : IdxFiles.FashionMnist).Files)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, file.Name));
            Assert.Equal((file.Length, file.Sha256), (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            Assert.All(file.Addresses, address => Assert.EndsWith("/" + file.Name, address));
        }
    }

    private static void AssertOfficial(ByteDataset data, double mean, double deviation)
    {
        Assert.Equal((60_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.Equal(mean, data.Normalization.Mean(0), 5e-5);
        Assert.Equal(deviation, data.Normalization.Deviation(0), 5e-5);
    }
}
