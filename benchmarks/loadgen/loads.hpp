// The loads. Each prints one line: RESULT and a JSON object.
#pragma once
#include "loop.hpp"
#include "measure.hpp"

class Json;

int run_typing(const Options& options);   // writers and readers; latencies, CPU, and whether all arrived in order
int run_idle(const Options& options);     // connections that only stay
int run_replay(const Options& options);   // a file of updates through one writer
int run_opening(const Options& options);  // fresh clients, one after the other, until each has the document
int run_events(const Options& options);   // publishers, and subscribers who hear each event once
int run_storm(const Options& options);    // hundreds of clients open one large document while somebody types

// Shared by all results: how the loop fared, and what the server used between two readings.
void add_loop(Json& json, const Loop& loop);
void add_usage(Json& json, const Usage& before, const Usage& after, double seconds);
void print_result(const Json& json);
