namespace Orchestrator.Statistics;

/// <summary>Mean, standard deviation and t interval of a sample.</summary>
/// <param name="N">Number of values.</param>
/// <param name="Mean">Arithmetic mean; NaN where there is no value.</param>
/// <param name="StandardDeviation">With n - 1; NaN below two values.</param>
public readonly record struct Moments(int N, double Mean, double StandardDeviation)
{
    /// <summary>
    /// The moments of a sample; two passes, so that a large mean costs no digits.
    /// </summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return new(0, double.NaN, double.NaN);
        }

        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        var mean = sum / values.Length;
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return new(values.Length, mean, values.Length < 2 ? double.NaN : Math.Sqrt(squares / (values.Length - 1)));
    }

    /// <summary>Standard error of the mean; NaN below two values.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(N);

    /// <summary>Student's interval for the mean; null below two values.</summary>
    /// <param name="confidence">Between 0 and 1, such as 0.95.</param>
    public Interval? TInterval(double confidence = 0.95)
    {
        if (N < 2)
        {
            return null;
        }

        var half = Distributions.StudentT.Upper((1 - confidence) / 2, N - 1) * StandardError;
        return new(Mean - half, Mean + half);
    }
}
