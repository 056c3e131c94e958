#include "sim/report/run_outputs.h"

#include "sim/report/packet_csv.h"
#include "sim/report/report.h"

namespace rxpath {

namespace {

class statistics_output : public run_output {
    std::string_view name() const override { return "statistics.json"; }
    void write(const finished_run& run, output_file& file) override {
        auto document = run.description;
        document["statistics"] = to_json(run.result.statistics);
        document["forwarded"] = to_json(run.result.forwarded);
        file.write(document.dump(2) + '\n');
    }
};

class packets_output : public run_output {
    std::string_view name() const override { return "packets.csv"; }
    void write(const finished_run& run, output_file& file) override { write_packet_csv(run.measured, file); }
};

class report_output : public run_output {
    std::string_view name() const override { return "report.txt"; }
    void write(const finished_run& run, output_file& file) override {
        file.write(report_text(run.from, run.result, {}));
    }
};

std::vector<std::unique_ptr<run_output>> all_outputs() {
    std::vector<std::unique_ptr<run_output>> all;
    all.push_back(std::make_unique<statistics_output>());
    all.push_back(std::make_unique<packets_output>());
    all.push_back(std::make_unique<report_output>());
    return all;
}

}  // namespace

run_outputs::run_outputs(const std::string& folder, const std::vector<std::filesystem::path>& read) {
    auto all = all_outputs();
    for (const auto& output : all) refuse_if_read((std::filesystem::path(folder) / output->name()).string(), read);
    m_folder = std::make_unique<output_folder>(folder);
    for (auto& output : all) {
        auto& file = m_folder->add(output->name());
        m_outputs.push_back({std::move(output), &file});
    }
}

std::vector<run_observer*> run_outputs::listeners() const {
    std::vector<run_observer*> listeners;
    for (const auto& each : m_outputs)
        if (auto* listener = each.output->listener()) listeners.push_back(listener);
    return listeners;
}

void run_outputs::write(const finished_run& run) {
    for (const auto& each : m_outputs) each.output->write(run, *each.file);
    m_folder->commit();
}

}  // namespace rxpath
