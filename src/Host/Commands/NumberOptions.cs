using System.CommandLine;
using System.Globalization;

namespace Orchestrator.Host;

/// <summary>
/// Options that are numbers, read in one way whatever the system's language: digits with a decimal
/// point. A comma is no thousands separator, and nothing that is not finite is a number.
/// </summary>
internal static class NumberOptions
{
    private const int MostSeconds = 1_000_000_000;

    /// <summary>Refuses whatever is no whole number in a range.</summary>
    /// <param name="option">The option.</param>
    /// <param name="noun">What it is a number of, or the whole noun.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The most that is allowed.</param>
    public static Option<T> Within<T>(this Option<T> option, string noun, long least, long most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < least || value > most))
            {
                var allowed = most == long.MaxValue ? FormattableString.Invariant($"{least} or more") : FormattableString.Invariant($"{least} to {most}");
                result.AddError($"{option.Name}: '{result.Tokens[0].Value}' is not {noun}; {allowed} are allowed.");
            }
        });
        return option;
    }

    /// <summary>An option that is a number of seconds, 0 to those of 30 years.</summary>
    public static Option<double?> Seconds(string name, string description, double otherwise)
    {
        var option = new Option<double?>(name)
        {
            Description = description,
            HelpName = "s",
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0
                && (!double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !(seconds >= 0 && seconds <= MostSeconds)))
            {
                result.AddError(FormattableString.Invariant($"{name}: '{result.Tokens[0].Value}' is not a number of seconds; 0 to {MostSeconds} are allowed."));
            }
        });
        return option;
    }
}
