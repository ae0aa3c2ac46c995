using System.CommandLine;
using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>schema</c>.</summary>
internal sealed class SchemaVerb(PluginFolders folders) : IVerb
{
    public Command Build()
    {
        var file = new Argument<string?>("file") { Description = "Where to write it; standard output without.", Arity = ArgumentArity.ZeroOrOne }.ThatNames("file");
        var plugins = CommonOptions.Plugins();
        var command = new Command("schema", "Writes the JSON schema of pipelines for the plugins that are there, third-party ones too, so that an editor completes and checks while one types.\n\n"
            + "Examples:\n  orchestrator schema pipelines/pipeline.schema.json\n  orchestrator schema --plugins ./mine > pipeline.schema.json")
        {
            file, plugins,
        };
        command.SetAction(parsed =>
        {
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            var schema = PipelineSchema.Write(catalog);
            if (parsed.GetValue(file) is not { } path)
            {
                Terminal.Line(schema.TrimEnd());
                return ExitCodes.Ok;
            }

            try
            {
                File.WriteAllText(path, schema);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new UserException($"{path}: cannot be written: {failure.Message}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
