namespace Orchestrator.Numerics.Tests;

public sealed class PartitionSkewTests
{
    [Fact]
    public void A_part_of_the_overall_mixture_has_distance_zero_and_one_of_a_class_alone_the_rest()
    {
        var skew = PartitionSkew.Of([new[] { 0, 2 }, new[] { 1 }], [0, 0, 1, 1], 2, 4);
        Assert.Equal([0, 0.5], skew.LabelDistances);
        Assert.Equal([[1, 1], [1, 0]], skew.ClassCounts);
        Assert.Equal((2.0, 1, 0.25, 0.5), (skew.SizeRatio, skew.Unused, skew.MeanLabelDistance, skew.LargestLabelDistance));
    }

    [Fact]
    public void Without_labels_there_is_no_distance() => Assert.Equal([double.NaN], PartitionSkew.Of([new[] { 0, 1 }], [], 0, 2).LabelDistances);
}
