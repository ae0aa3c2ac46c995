namespace Orchestrator.Analyzers;

/// <summary>Count, mean and variance of numbers that are not kept (Welford).</summary>
internal struct Moments
{
    private double squares;

    public long Count { get; private set; }

    /// <summary>0 where there is no number.</summary>
    public double Mean { get; private set; }

    /// <summary>Unbiased; 0 below two numbers.</summary>
    public readonly double Variance => Count < 2 ? 0 : squares / (Count - 1);

    /// <summary>Of the mean; infinite below two numbers.</summary>
    public readonly double StandardError => Count < 2 ? double.PositiveInfinity : Math.Sqrt(Variance / Count);

    public void Add(double value)
    {
        Count++;
        var before = value - Mean;
        Mean += before / Count;
        squares += before * (value - Mean);
    }
}
