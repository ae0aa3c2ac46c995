namespace Orchestrator.Packages.Tests;

/// <summary>
/// A shell in which commands are typed one after the other: folder and variables stay from one to
/// the next.
/// </summary>
internal sealed class Shell
{
    private readonly string state;
    private readonly Dictionary<string, string> variables;

    /// <param name="folder">Where it begins.</param>
    /// <param name="state">A file for what stays.</param>
    /// <param name="variables">Variables beside those of this process.</param>
    public Shell(string folder, string state, Dictionary<string, string> variables)
    {
        (this.state, this.variables) = (state, variables);
        File.WriteAllText(state, $"cd '{folder}'\n");
    }

    /// <summary>The output of a command that succeeds.</summary>
    public string Run(string command, CancellationToken stop)
    {
        var (code, output) = Try(command, stop);
        Assert.True(code == 0, $"{command}\nended with {code}:\n{output}");
        return output;
    }

    public (int Code, string Output) Try(string command, CancellationToken stop) => Build.Run(
        "bash", Path.GetDirectoryName(state)!, variables, stop,
        ["-c", $". '{state}'\nset -e\n{command}\nset +e\n{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} > '{state}'"]);
}
