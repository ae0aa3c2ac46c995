using Orchestrator.Numerics;

namespace Orchestrator.RunFolders.Tests;

public sealed class PartitionRowTests
{
    [Fact]
    public void Partitions_ReadBackAsTheyWereWritten()
    {
        using var root = new TemporaryFolder();
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.WritePartitions(PartitionSkew.Of([new[] { 0, 1 }, new[] { 2 }], [0, 1, 1], 2, 3));

        using var rows = RunRows.Partitions(folder.FullPath);
        var read = rows.ReadAll().ToList();

        Assert.Equal([2L, 1L], read.Select(row => row.Samples));
        Assert.Equal([[1L, 1L], [0L, 1L]], read.Select(row => row.ClassCounts));
        Assert.Equal(1 / 6.0, read[0].LabelDistance, 1e-12);
        Assert.Null(rows.Problem);
    }

    [Fact]
    public void Groups_AreCountedByPartition_AndTheirNamesQuotedWhereTheyMustBe()
    {
        using var root = new TemporaryFolder();
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.WriteGroups([new[] { 3, 0, 1 }, new[] { 2 }], [1, 0, 1, 1], ["ann", "bob, \"the\"\nsecond", "nobody"]);

        Assert.Equal(
            "partition,group,samples\n0,ann,1\n0,\"bob, \"\"the\"\" second\",2\n1,\"bob, \"\"the\"\" second\",1\n",
            File.ReadAllText(Path.Combine(folder.FullPath, "groups.csv")));
        using var rows = RunRows.Groups(folder.FullPath)!;
        Assert.Equal([new(0, "ann", 1), new(0, "bob, \"the\" second", 2), new(1, "bob, \"the\" second", 1)], rows.ReadAll());
        Assert.Null(rows.Problem);
    }

    [Theory]
    [InlineData("0,2,0.5,1 x")]
    [InlineData("0,2,0.5")]
    [InlineData("0,two,0.5,1 1")]
    public void ARowThatIsNone_IsToldWithItsLine(string row)
    {
        using var root = new TemporaryFolder();
        File.WriteAllText(root.File("partitions.csv"), "partition,samples,labelDistance,classCounts\n" + row + "\n");

        using var rows = RunRows.Partitions(root.Path);

        Assert.Empty(rows.ReadAll());
        Assert.Contains("partitions.csv:2", rows.Problem);
    }
}
