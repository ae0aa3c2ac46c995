using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Orchestrator.Host;

/// <summary>
/// Options and arguments that name something: an empty one, as "$DIR" is where DIR is not set,
/// names nothing and is a mistake before anything starts. So is an option with a typing error, which
/// would be taken for a name.
/// </summary>
internal static partial class NameRules
{
    public const string Folder = "folder";

    /// <param name="option">The option.</param>
    /// <param name="noun">What it names: folder, file, run, address.</param>
    /// <param name="exists">Whether it is a folder that must be there.</param>
    public static Option<T> ThatNames<T>(this Option<T> option, string noun, bool exists = false)
    {
        option.Validators.Add(result => Check(result, option.Name, noun, exists));
        return option;
    }

    /// <param name="argument">The argument.</param>
    /// <param name="noun">What it names: file, run.</param>
    public static Argument<T> ThatNames<T>(this Argument<T> argument, string noun)
    {
        argument.Validators.Add(result => Check(result, argument.Name, noun, exists: false));
        return argument;
    }

    /// <summary>Whether a word was meant as an option.</summary>
    public static bool IsLikeAnOption(string word) => Option().IsMatch(word);

    private static void Check(SymbolResult result, string name, string noun, bool exists)
    {
        foreach (var token in result.Tokens)
        {
            if (string.IsNullOrWhiteSpace(token.Value) || token.Value.Contains('\0'))
            {
                result.AddError($"{name}: '{token.Value}' names no {noun}.");
            }
            else if (IsLikeAnOption(token.Value))
            {
                result.AddError($"{name}: '{token.Value}' names no {noun}; one that begins like an option is written with ./ before it.");
            }
            else if (noun == Folder && File.Exists(token.Value))
            {
                result.AddError($"{name}: '{token.Value}' is a file; a folder is expected.");
            }
            else if (exists && !Directory.Exists(token.Value))
            {
                result.AddError($"{name}: there is no folder '{token.Value}'.");
            }
        }
    }

    // Without blanks: a query may begin with a comment of SQL.
    [GeneratedRegex(@"^(--\S|-[A-Za-z])\S*$")]
    private static partial Regex Option();
}
