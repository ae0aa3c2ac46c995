using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Options that tables have in common.</summary>
internal static class TestPart
{
    /// <exception cref="OptionException">Classes are named, and a value is predicted.</exception>
    public static void CheckValue(string? value, IReadOnlyList<string>? classNames)
    {
        if (value is not null && classNames is not null)
        {
            throw new OptionException("value", "is predicted in the place of a class, and classNames are given; leave out one of the two");
        }
    }

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
