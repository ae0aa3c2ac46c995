namespace Orchestrator.Analyzers.Tests.Planted;

/// <summary>A few trials of each kind; the whole is 100 of each (see CONTRIBUTING.md).</summary>
public sealed class TrialTests
{
    public static TheoryData<string, int> Few =>
    [
        .. from kind in Trial.Kinds from number in Enumerable.Range(1, Trials(kind.Name))
           select new TheoryDataRow<string, int>(kind.Name, number),
    ];

    private static int Trials(string kind) => kind is "useless axis" or "clean sweep" ? 1 : kind is "harmful worker" or "harmless slow worker" ? 2 : 5;

    [Theory]
    [MemberData(nameof(Few))]
    public void WhatIsPlanted_IsNamed_AndNothingElseIs(string kind, int number)
    {
        using var runs = new RealRuns();
        var verdict = Trial.Kinds.Single(k => k.Name == kind).Judge(new Trial(runs, number));
        Assert.Empty(verdict.Others);
        Assert.True(verdict.IsNamed, $"{kind}, trial {number}");
    }
}
