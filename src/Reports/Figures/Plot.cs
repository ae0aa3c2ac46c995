namespace Orchestrator.Reports;

/// <summary>What a figure for a paper shows.</summary>
internal sealed record Plot
{
    /// <summary>
    /// Behind the name of the run or the sweep in the file's name, in kebab-case.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>What it shows, and what its lines, bars and bands are, in sentences.</summary>
    public required string Caption { get; init; }

    public required string XName { get; init; }

    public required string YName { get; init; }

    /// <summary>
    /// Names of places along x, which are then 0, 1, 2, ...; null where x is a number.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>
    /// The end of y that the quantity cannot pass, 100 for per cent; null where there is none.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>Whether y begins at 0 and each point is a bar.</summary>
    public bool IsBars { get; init; }

    /// <summary>
    /// What the names of the lines are values of; null where they say it themselves.
    /// </summary>
    public string? LegendName { get; init; }

    public required IReadOnlyList<PlotLine> Lines { get; init; }
}

/// <summary>One line of a figure.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">From left to right.</param>
/// <param name="HasBand">Whether low and high are a band; bars with ends otherwise.</param>
/// <param name="IsDashed">Whether it stands for something that is no mean of converged
/// runs.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<PlotPoint> Points, bool HasBand = true, bool IsDashed = false);

/// <summary>One point.</summary>
/// <param name="X">Where.</param>
/// <param name="Y">NaN where there is no value, which ends a line.</param>
/// <param name="Low">NaN where there is none.</param>
/// <param name="High">NaN where there is none.</param>
/// <param name="Note">What is said of it at the foot of the figure, such as <c>NC 3/5</c>; null
/// says nothing.</param>
internal readonly record struct PlotPoint(double X, double Y, double Low = double.NaN, double High = double.NaN, string? Note = null);
