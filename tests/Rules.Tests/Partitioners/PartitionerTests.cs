using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Partitioners;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Partitioners;

public sealed class NoneTests : PartitionerContract
{
    public override bool SharesOneList => true;

    public override IPartitioner Create() => new None();
}

public sealed class SplitDatasetTests : PartitionerContract
{
    public override IPartitioner Create() => new SplitDataset();

    [Fact]
    public void Sizes_differ_by_at_most_one()
        => Assert.Equal([429, 429, 429, 429, 428, 428, 428], Deal(Create(), 7, Labels(), 1).Select(part => part.Length));
}

public sealed class SplitLabelsTests : PartitionerContract
{
    public override bool UsesEverySample => false;

    public override bool NeedsLabels => true;

    public override IPartitioner Create() => new SplitLabels(new());

    [Fact]
    public void All_parts_are_cut_to_the_smallest()
    {
        var whole = Deal(new SplitLabels(new(Truncate: false)), 4, Labels(), 3);
        Assert.All(Deal(Create(), 4, Labels(), 3), part => Assert.Equal(whole.Min(p => p.Length), part.Length));
    }

    [Fact]
    public void More_workers_than_classes_are_refused()
    {
        Assert.Contains("10 workers", Create().Reject(10, 3000, 11));
        Assert.Throws<OptionException>(() => Deal(Create(), 11, Labels(), 1));
    }

    [Fact]
    public void A_worker_whose_labels_have_no_samples_is_an_error()
        => Assert.Throws<OptionException>(() => Create().Partition([0, 0, 0], 3, 3, 3, new RandomStreams(1).Open("partition")));
}

public sealed class SplitLabelsUntruncatedTests : PartitionerContract
{
    public override bool NeedsLabels => true;

    public override IPartitioner Create() => new SplitLabels(new(Truncate: false));

    [Theory]
    [InlineData(3, "3 3 4")]
    [InlineData(10, "1 1 1 1 1 1 1 1 1 1")]
    public void A_label_belongs_to_one_worker_and_the_labels_are_dealt_evenly(int workers, string labelsEach)
    {
        var skew = PartitionSkew.Of(Deal(Create(), workers, Labels(), 2), Labels(), 10, 3000);
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(1, skew.ClassCounts.Count(counts => counts[label] > 0)));
        Assert.Equal(labelsEach, string.Join(' ', skew.ClassCounts.Select(counts => counts.Count(c => c > 0)).Order()));
    }
}

public sealed class DirichletTests : PartitionerContract
{
    public override bool NeedsLabels => true;

    public override IPartitioner Create() => new Dirichlet(new(0.5));

    [Fact]
    public void The_smaller_alpha_the_further_the_labels_are_apart()
    {
        var distances = new[] { 0.1, 1, 100 }.Select(alpha => Skew(new Dirichlet(new(alpha))).MeanLabelDistance).ToArray();
        Assert.True(distances[0] > distances[1] + 0.1 && distances[1] > distances[2] + 0.1 && distances[2] < 0.1, string.Join(", ", distances));
    }

    [Fact]
    public void Every_worker_gets_the_fewest_samples_or_it_is_an_error()
    {
        Assert.All(Skew(new Dirichlet(new(0.3, 50))).Sizes, size => Assert.True(size >= 50));
        Assert.Contains("1000 draws", Assert.Throws<OptionException>(() => Skew(new Dirichlet(new(0.001, 375)))).Message);
    }

    private static PartitionSkew Skew(IPartitioner partitioner) => PartitionSkew.Of(Deal(partitioner, 8, Labels(), 4), Labels(), 10, 3000);
}

public sealed class DirichletOverGroupsTests : PartitionerContract
{
    public override bool NeedsGroups => true;

    public override IPartitioner Create() => new Dirichlet(new(0.5, Over: DirichletBasis.Groups));

    [Fact]
    public void The_smaller_alpha_the_fewer_workers_share_a_group()
    {
        double Of(double alpha) => Holders(Deal(new Dirichlet(new(alpha, Over: DirichletBasis.Groups)), 8, Labels(), 4)).Average();
        var holders = new[] { 0.01, 0.2, 1000 }.Select(Of).ToArray();
        Assert.True(holders[0] < 2 && holders[0] < holders[1] - 1 && holders[1] < holders[2] - 1 && holders[2] > 7, string.Join(", ", holders));
    }

    private static IEnumerable<int> Holders(IReadOnlyList<ReadOnlyMemory<int>> parts)
    {
        var groups = Groups();
        return Enumerable.Range(0, groups.Max() + 1).Select(group => parts.Count(part => part.ToArray().Any(row => groups[row] == group)));
    }
}

public sealed class ByColumnTests : PartitionerContract
{
    public override bool NeedsGroups => true;

    public override IPartitioner Create() => new ByColumn(new());

    [Theory]
    [InlineData(GroupBalance.Groups)]
    [InlineData(GroupBalance.Samples)]
    public void A_group_is_held_by_one_worker_whole(GroupBalance balance)
    {
        var groups = Groups();
        var parts = Deal(new ByColumn(new(balance)), 7, Labels(), 1).Select(part => part.ToArray().Select(row => groups[row]).ToHashSet()).ToList();

        Assert.Equal(groups.Distinct().Count(), parts.Sum(part => part.Count));
        Assert.Equal(groups.Distinct().Order(), parts.SelectMany(part => part).Order());
        Assert.True(balance == GroupBalance.Samples || parts.Max(part => part.Count) - parts.Min(part => part.Count) <= 1, "The numbers of groups differ.");
    }

    [Fact]
    public void Balanced_by_samples_parts_differ_by_less_than_a_group()
    {
        var largest = Groups().GroupBy(group => group).Max(group => group.Count());
        var sizes = Deal(new ByColumn(new(GroupBalance.Samples)), 7, Labels(), 1).Select(part => part.Length).ToList();

        Assert.InRange(sizes.Max() - sizes.Min(), 0, largest);
        Assert.True(Deal(Create(), 7, Labels(), 1).Max(part => part.Length) > sizes.Max(), "Cards are as even.");
    }

    [Fact]
    public void More_workers_than_groups_are_refused() => Assert.Contains(
        "1 to 3 workers", Create().Reject(new([1], [], 100, 1) { GroupNames = ["a", "b", "c"] }, 4));
}

public sealed class ByColumnBySamplesTests : PartitionerContract
{
    public override bool NeedsGroups => true;

    public override IPartitioner Create() => new ByColumn(new(GroupBalance.Samples));
}

public sealed class ShardsTests : PartitionerContract
{
    public override bool NeedsLabels => true;

    public override IPartitioner Create() => new Shards(new(2));

    [Fact]
    public void A_worker_sees_few_classes_and_sizes_are_even()
    {
        var skew = PartitionSkew.Of(Deal(Create(), 10, Labels(), 4), Labels(), 10, 3000);
        Assert.All(skew.Sizes, size => Assert.InRange(size, 299, 301));
        Assert.All(skew.ClassCounts, counts => Assert.InRange(counts.Count(c => c > 0), 1, 5));
        Assert.True(skew.MeanLabelDistance > 0.5, $"Mean label distance {skew.MeanLabelDistance}.");
    }

    [Fact]
    public void More_pieces_than_samples_are_refused() => Assert.Contains("up to 375", new Shards(new(376)).Reject(10, 3000, 8));
}

public sealed class QuantitySkewDirichletTests : PartitionerContract
{
    public override IPartitioner Create() => new QuantitySkew(new(new DirichletSizes(0.5)));

    [Fact]
    public void Sizes_are_unequal_and_labels_are_not()
    {
        var skew = PartitionSkew.Of(Deal(new QuantitySkew(new(new DirichletSizes(0.5), 100)), 8, Labels(), 4), Labels(), 10, 3000);
        Assert.True(skew.SizeRatio > 3, $"Largest over smallest {skew.SizeRatio}.");
        Assert.True(skew.Sizes.Min() >= 100);
        Assert.True(skew.MeanLabelDistance < 0.15, $"Mean label distance {skew.MeanLabelDistance}.");
    }
}

public sealed class QuantitySkewPowerLawTests : PartitionerContract
{
    public override IPartitioner Create() => new QuantitySkew(new(new PowerLawSizes(1)));

    [Fact]
    public void Sizes_follow_the_law()
    {
        // 1 + 1/2 + 1/3 = 11/6 of 1,200, and the one sample that everybody gets first.
        var sizes = Deal(Create(), 3, new int[2203], 1).Select(part => part.Length).Order();
        Assert.Equal([401, 601, 1201], sizes);
    }
}
