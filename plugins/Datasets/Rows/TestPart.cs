using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>The test part of a dataset whose training part is one file or folder.</summary>
internal static class TestPart
{
    /// <exception cref="OptionException">Not exactly one of the two is given.</exception>
    public static void Check(string? testFile, double? testShare)
    {
        if (testFile is null == testShare is null)
        {
            throw testFile is null
                ? new OptionException("testShare", "is missing, and so is testFile; one of the two says which samples test")
                : new OptionException("testShare", "draws the test part from the training file, and testFile names another; give one of the two");
        }
    }
}
