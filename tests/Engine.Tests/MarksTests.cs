namespace Orchestrator.Engine.Tests;

public sealed class MarksTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.7)]
    [InlineData(1.0 / 3)]
    public void A_value_at_a_mark_has_passed_it_and_one_before_it_has_not(double distance)
    {
        // Epochs as a run counts them: samples over the samples of an epoch.
        foreach (var mark in Enumerable.Range(1, 500))
        {
            var samples = Math.Round(mark * distance * 30_000);
            if (Math.Abs(samples - (mark * distance * 30_000)) < 1e-6)
            {
                Assert.Equal(mark, Marks.Passed(samples / 30_000, distance));
            }

            Assert.Equal(mark - 1, Marks.Passed((Math.Ceiling(mark * distance * 30_000 - 1e-6) - 1) / 30_000, distance));
        }
    }
}
