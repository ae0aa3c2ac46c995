using System.Globalization;
using Microsoft.Data.Sqlite;
using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>
/// A condition on runs, as a user types it: <c>optimizer.momentum=0.9</c>, <c>testAccuracy>90</c>,
/// <c>status!=completed</c>, <c>tag=paper</c>, <c>note~warm-up</c> (which holds where the text is
/// within).
/// </summary>
/// <param name="Name">A column of the index, <c>tag</c>, or the path of a setting.</param>
/// <param name="Operator">=, !=, &lt;, &lt;=, &gt;, &gt;= or ~.</param>
/// <param name="Value">What it is compared with.</param>
public sealed record RunCondition(string Name, string Operator, string Value)
{
    private const string Tag = "tag";
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">", "~"];

    /// <summary>Reads a condition.</summary>
    /// <exception cref="RunRefusedException">It is none.</exception>
    public static RunCondition Parse(string text)
    {
        var at = text.IndexOfAny(['=', '!', '<', '>', '~']);
        return at > 0 && Operators.FirstOrDefault(op => text.AsSpan(at).StartsWith(op, StringComparison.Ordinal)) is { } found
            ? new RunCondition(text[..at].Trim(), found, text[(at + found.Length)..].Trim())
            : throw new RunRefusedException($"--where: '{text}' is no condition; NAME=VALUE is one, also with !=, <, <=, >, >= or ~ (contains). For example testAccuracy>90");
    }

    /// <summary>Whether the name means something, for some runs at least.</summary>
    /// <param name="paths">Of the settings that runs have.</param>
    /// <exception cref="RunRefusedException">It means nothing.</exception>
    public void Check(IReadOnlyList<string> paths)
    {
        if (Name != Tag && Column is null && !paths.Contains(Name))
        {
            IReadOnlyList<string> known = [.. IndexSchema.Names, Tag, .. paths];
            throw new RunRefusedException($"--where: no run has '{Name}'; {string.Join(", ", IndexSchema.Names)}, {Tag} and the paths of settings are allowed{NearestMatch.Suffix(Name, known)}");
        }
    }

    /// <summary>The condition in SQL.</summary>
    internal string Add(SqliteParameterCollection parameters)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"$w{parameters.Count}");
        if (Name == Tag)
        {
            parameters.AddWithValue(value, Value);
            var with = $"EXISTS (SELECT 1 FROM tags t WHERE t.run = runs.run AND {(Operator == "~" ? $"instr(t.tag, {value}) > 0" : $"t.tag {(Operator == "!=" ? "=" : Operator)} {value}")})";
            return Operator == "!=" ? "NOT " + with : with;
        }

        var number = IndexSchema.NumberOf(Value is "true" or "false" && Column is not null ? Value == "true" ? "1" : "0" : Value);
        if (Column is { } column)
        {
            var isNumeric = IndexSchema.IsNumeric(column);
            parameters.AddWithValue(value, isNumeric && number is { } asked ? asked : Value);
            return Compare(column, value);
        }

        parameters.AddWithValue(value, number is { } wanted && Operator != "~" ? wanted : Value);
        var own = $"EXISTS (SELECT 1 FROM settings s WHERE s.run = runs.run AND s.path = {value}n AND {Compare(number is not null && Operator != "~" ? "s.number" : "s.value", value, asEqual: Operator == "!=")})";
        parameters.AddWithValue(value + "n", Name);
        return Operator == "!=" ? "NOT " + own : own;
    }

    private string? Column => IndexSchema.Names.FirstOrDefault(name => name.Equals(Name, StringComparison.OrdinalIgnoreCase));

    private string Compare(string what, string value, bool asEqual = false) => Operator switch
    {
        "~" => $"instr({what}, {value}) > 0",
        "!=" => asEqual ? $"{what} = {value}" : $"{what} IS NOT {value}",
        _ => $"{what} {Operator} {value}",
    };
}
