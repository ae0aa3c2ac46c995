namespace Orchestrator.Datasets.Tests;

public sealed class MutationTests
{
    public static TheoryData<string> Formats => [.. HostileFormat.All.Select(format => format.Name)];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_ends_in_one_sentence(string name)
    {
        var (read, refused) = Mutations.Of(HostileFormat.All.First(format => format.Name == name), first: 0, count: 500);

        // Neither did all damage pass unseen, nor was all of it so crude that nothing was read.
        Assert.InRange(refused, 100, 500);
        Assert.InRange(read, 5, 400);
    }
}
