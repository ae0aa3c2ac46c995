using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class QuadraticTests
{
    private static readonly DataFolders Nowhere = new([]);

    [Fact]
    public void It_has_nominal_samples_of_one_feature_without_labels()
    {
        var dataset = new Quadratic(new QuadraticOptions());
        var (shape, data) = (dataset.Describe(Nowhere), dataset.Load(Nowhere));
        Assert.Equal([1], shape.Input);
        Assert.Equal((0, 1024, 1), (shape.Classes, shape.TrainCount, shape.TestCount));
        Assert.Equal((1024, 1), (data.Train.Count, data.Test.Count));
        Assert.True(data.Train.Labels.IsEmpty && data.Test.Labels.IsEmpty);
    }

    [Fact]
    public void Gather_AnyRows_IsZero()
    {
        float[] inputs = [1, 2];
        new Quadratic(new QuadraticOptions(10)).Load(Nowhere).Train.Gather([0, 9], inputs);
        Assert.Equal([0, 0], inputs);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Gather_RowOutside_Throws(int row) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Quadratic(new QuadraticOptions(10)).Load(Nowhere).Train.Gather([row], new float[1]));

    [Fact]
    public void Fingerprint_OfAnotherCount_Differs() =>
        Assert.NotEqual(new Quadratic(new QuadraticOptions(10)).Load(Nowhere).Fingerprint, new Quadratic(new QuadraticOptions(11)).Load(Nowhere).Fingerprint);
}
