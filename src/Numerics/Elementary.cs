namespace Orchestrator.Numerics;

/// <summary>
/// Elementary functions made of additions, multiplications and divisions only, so that they return
/// the same bits on every system; those of <see cref="Math"/> are the C library's. For scalars:
/// learning rates and weights.
/// </summary>
public static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01; // the upper 32 bits of ln 2, so that k * Ln2High is exact
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>x to an integer power, by squaring.</summary>
    public static double Power(double x, long exponent)
    {
        if (exponent < 0)
        {
            return 1 / Power(x, -exponent);
        }

        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
        {
            if ((exponent & 1) != 0)
            {
                result *= x;
            }
        }

        return result;
    }

    /// <summary>
    /// x to a real power, x positive; relative error under 1e-13 for results between 1e-60 and
    /// 1e60.
    /// </summary>
    public static double Power(double x, double exponent) => Exp(exponent * Log(x));

    /// <summary>e to the x; relative error under 1e-15.</summary>
    public static double Exp(double x)
    {
        if (!(x > -746))
        {
            return double.IsNaN(x) ? x : 0;
        }

        if (x > 710)
        {
            return double.PositiveInfinity;
        }

        // x = k ln 2 + r with |r| <= ln 2 / 2, then Taylor's series to the 13th power.
        var k = Math.Round(x / (Ln2High + Ln2Low));
        var r = x - (k * Ln2High) - (k * Ln2Low);
        var sum = 1.0;
        for (var n = 13; n > 0; n--)
        {
            sum = 1 + (r / n * sum);
        }

        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>
    /// Natural logarithm of a positive finite x; relative error under 1e-15 away from 1, absolute
    /// near it.
    /// </summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "Only a positive finite number has a logarithm here.");
        }

        // x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh s, s = (m - 1) / (m + 1).
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            (m, k) = (m / 2, k + 1);
        }

        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 0.0;
        for (var n = 25; n > 0; n -= 2)
        {
            sum = (sum * square) + (1.0 / n);
        }

        return (k * Ln2High) + ((k * Ln2Low) + (2 * s * sum));
    }

    /// <summary>Cosine of pi x, x in [0, 1]; absolute error under 1e-15.</summary>
    public static double CosPi(double x) => x switch
    {
        > 0.5 => -CosPi(1 - x),
        > 0.25 => Series(Math.PI * (0.5 - x), 1),
        _ => Series(Math.PI * x, 0),
    };

    // Taylor's series of the cosine (first power 0) or the sine (first power 1), |angle| at most
    // pi / 4.
    private static double Series(double angle, int first)
    {
        var square = angle * angle;
        var sum = 1.0;
        for (var n = 18 + first; n > first; n -= 2)
        {
            sum = 1 - (square / (n * (n - 1)) * sum);
        }

        return first == 0 ? sum : angle * sum;
    }
}
