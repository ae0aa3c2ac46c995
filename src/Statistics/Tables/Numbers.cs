using System.Globalization;

namespace Orchestrator.Statistics.Tables;

/// <summary>Numbers as texts, with a decimal point whatever the machine's culture.</summary>
internal static class Numbers
{
    /// <summary>Shown where there is no number.</summary>
    public const string None = "-";

    // What these would not show is a power of ten.
    private const int MostDecimals = 8;
    private const double SmallestFixed = 1e-7;
    private const double LargestFixed = 1e9;

    public static string Fixed(double? value, int decimals) =>
        value is not { } number || double.IsNaN(number) ? None
        : double.IsInfinity(number) ? number > 0 ? "inf" : "-inf"
        : (decimals == MostDecimals && number != 0 && Math.Abs(number) < SmallestFixed) || Math.Abs(number) >= LargestFixed ? number.ToString("0.00e+0", CultureInfo.InvariantCulture)
        : WithoutMinusZero(number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>With its sign, a difference.</summary>
    public static string Signed(double value, int decimals) => value > 0 && Fixed(value, decimals) is var text && text.Any(c => c is > '0' and <= '9') ? "+" + text : Fixed(value, decimals);

    public static string Range(Interval? interval, int decimals) =>
        interval is { } i ? $"{Fixed(i.Low, decimals)} to {Fixed(i.High, decimals)}" : None;

    /// <summary>A p with three decimals; with more where they would put it at the level that it is above.</summary>
    public static string P(double p)
    {
        if (p < 0.001)
        {
            return "< 0.001";
        }

        var text = p.ToString("0.000", CultureInfo.InvariantCulture);
        var more = p.ToString("0.0000", CultureInfo.InvariantCulture);
        return p <= ComparisonTerms.Level || text != "0.050" ? text : more != "0.0500" ? more : "> 0.05";
    }

    /// <summary>An e-value or another ratio, to three significant digits.</summary>
    public static string Ratio(double value) => value switch
    {
        double.PositiveInfinity => "inf",
        >= 1e6 => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Percent(double share) => double.IsNaN(share) ? None : (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>So many decimals, up to eight, that the smallest spread above 0 shows two digits.</summary>
    public static int DecimalsFor(IEnumerable<double?> spreads)
    {
        var smallest = spreads.Where(s => s is > 0 && double.IsFinite(s.Value)).Min() ?? 1;
        return Math.Clamp(1 - (int)Math.Floor(Math.Log10(smallest)), 0, MostDecimals);
    }

    private static string WithoutMinusZero(string text) => text.StartsWith('-') && !text.Any(c => c is > '0' and <= '9') ? text[1..] : text;
}
