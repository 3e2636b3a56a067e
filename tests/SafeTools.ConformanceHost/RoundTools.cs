using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>Tools of 2026-07-28 that are answered by what they need, and called again with it.</summary>
internal sealed class RoundTools(SealedState state)
{
    public IEnumerable<FixtureTool> All =>
    [
        FixtureTool.Of("test_streaming_elicitation", request => Questions.Answer(request.Params, "ok") is not null ? Contents.Text("ok") : throw Questions.Need("ok", Questions.Confirm("Ok?"), "s")),
        FixtureTool.Of("test_input_required_result_elicitation", request => Questions.Field(request.Params, "user_name", "name") is { } name
            ? Contents.Text($"Hello, {name}!")
            : throw Questions.Need("user_name", Questions.Ask("What is your name?", "name"))),
        FixtureTool.Of("test_input_required_result_sampling", Sampling),
        FixtureTool.Of("test_input_required_result_list_roots", Roots),
        FixtureTool.Of("test_input_required_result_request_state", request => request.Params.RequestState is { } kept && Questions.Answer(request.Params, "confirm") is not null
            ? Contents.Text($"state-ok {Open(request, kept)}")
            : throw Questions.Need("confirm", Questions.Confirm("Please confirm"), Seal(request, "kept"))),
        FixtureTool.Of("test_input_required_result_tampered_state", request => request.Params.RequestState is { } kept
            ? Contents.Text($"state-ok {Open(request, kept)}")
            : throw Questions.Need("confirm", Questions.Confirm("Please confirm"), Seal(request, "kept"))),
        FixtureTool.Of("test_input_required_result_multiple_inputs", Several),
        FixtureTool.Of("test_input_required_result_multi_round", Rounds),
        FixtureTool.Of("test_input_required_result_capabilities", WhatTheClientCan),
    ];

    private string Seal(RequestContext<CallToolRequestParams> request, string kept) => state.Seal(kept, request.Params.Name);

    private string Open(RequestContext<CallToolRequestParams> request, string sealedState) => state.Open(sealedState, request.Params.Name);

    private static CallToolResult Sampling(RequestContext<CallToolRequestParams> request) =>
        request.Params.InputResponses?.TryGetValue("capital_question", out var answer) == true
            ? Contents.Text($"LLM: {(answer.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)?.Content.FirstOrDefault() as TextContentBlock)?.Text}")
            : throw Questions.Need("capital_question", Questions.Sample("What is the capital of France?"));

    private static CallToolResult Roots(RequestContext<CallToolRequestParams> request) =>
        request.Params.InputResponses?.TryGetValue("client_roots", out var answer) == true
            ? Contents.Text($"roots: {answer.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)?.Roots.Count}")
            : throw Questions.Need("client_roots", InputRequest.ForRootsList(new()));

    private CallToolResult Several(RequestContext<CallToolRequestParams> request) =>
        request.Params is { InputResponses.Count: >= 3, RequestState: { } kept }
            ? Contents.Text(Open(request, kept))
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest>
                {
                    ["user_name"] = Questions.Ask("What is your name?", "name"),
                    ["greeting"] = Questions.Sample("Generate a greeting"),
                    ["client_roots"] = InputRequest.ForRootsList(new()),
                },
                Seal(request, "all"));

    private CallToolResult Rounds(RequestContext<CallToolRequestParams> request) => (request.Params.RequestState is { } kept ? Open(request, kept) : "") switch
    {
        "" => throw Questions.Need("step1", Questions.Ask("Step 1: What is your name?", "name"), Seal(request, "1")),
        "1" => throw Questions.Need("step2", Questions.Ask("Step 2: What is your favorite color?", "color"), Seal(request, "2")),
        _ => Contents.Text($"color {Questions.Field(request.Params, "step2", "color")}"),
    };

    private static CallToolResult WhatTheClientCan(RequestContext<CallToolRequestParams> request)
    {
        var asks = new Dictionary<string, InputRequest>();
        if (request.Server.ClientCapabilities?.Elicitation is not null)
        {
            asks["name"] = Questions.Ask("What is your name?", "name");
        }

        if (request.Server.ClientCapabilities?.Sampling is not null)
        {
            asks["hello"] = Questions.Sample("Say hello");
        }

        return request.Params.InputResponses is { Count: > 0 } || asks.Count == 0 ? Contents.Text("ok") : throw new InputRequiredException(asks);
    }
}
