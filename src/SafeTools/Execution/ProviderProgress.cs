namespace SafeTools;

/// <summary>How far a long execution is.</summary>
/// <param name="Done">Units done, growing.</param>
/// <param name="Total">Units in all, where known.</param>
/// <param name="Message">A few words, safe to show.</param>
public sealed record ProviderProgress(double Done, double? Total, string Message);
