namespace Orchestrator.Statistics;

/// <summary>
/// An interval; its ends belong to it. An end may be infinite where the data bound nothing.
/// </summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end, at least <paramref name="Low"/>.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The whole line: nothing is known.</summary>
    public static Interval Everything => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Half of its width.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether a value lies in it.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Whether every value of it lies strictly between -bound and bound.</summary>
    public bool IsWithin(double bound) => Low > -bound && High < bound;
}
