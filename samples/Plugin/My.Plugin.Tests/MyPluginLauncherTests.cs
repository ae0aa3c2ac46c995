using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>Inherits what every launcher promises: the same scripts each time, tasks that run and end, time to end, ...</summary>
public class MyPluginLauncherContract : LauncherContract
{
    public override ILauncher Create() => new MyPluginLauncher(new MyPluginLauncherOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginLauncherTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    public void Tasks_give_way_as_much_as_the_profile_says(int niceness)
    {
        var files = new MyPluginLauncher(new MyPluginLauncherOptions(niceness)).Write(new LaunchRequest("own", "/launch", "/work", 1, "program"));
        Assert.Contains($"nice -n {niceness} program &", Assert.Single(files).Text);
    }
}
